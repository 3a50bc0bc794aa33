//! Output: redaction, echoed arguments, and text that could forge lines.
