//! Rotation: the new token never has more rights or a longer lifetime than the old one.
