//! What a service is, as data: descriptor types, their validation, the catalog. No code per service.
