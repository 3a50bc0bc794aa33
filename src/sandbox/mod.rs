//! The stand-in services, for development, demonstrations and tests. Written from the services' documentation, imports domain alone.
