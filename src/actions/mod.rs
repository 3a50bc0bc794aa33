//! What a user can do: the use-cases, where OAuth, service, vault and host meet. Nothing is printed here.
