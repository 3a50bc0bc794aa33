//! Origins: which server receives which secret, and what a file in a directory may choose.
