//! Requests and answers: the transport seam, the origin guard, retry as a pure function, the redacting wire log.
