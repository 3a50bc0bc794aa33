//! The names that services use for the same fields. All are compared in lower case and without `_`, `-` and `.`.

/// The facts of a token, and the names of the properties that hold them.
pub(super) const FACTS: &[(&str, &[&str])] = &[
    (
        "id",
        &["id", "uuid", "tokenid", "keyid", "identifier", "uid"],
    ),
    (
        "name",
        &[
            "name",
            "label",
            "description",
            "note",
            "title",
            "tokenname",
            "displayname",
            "comment",
        ],
    ),
    (
        "created_at",
        &[
            "createdat",
            "created",
            "creationdate",
            "creationtime",
            "createdon",
            "datecreated",
            "inserted",
        ],
    ),
    (
        "expires_at",
        &[
            "expiresat",
            "expires",
            "expiry",
            "expiration",
            "expirationdate",
            "expireson",
            "expirationtime",
            "expirytime",
            "validuntil",
        ],
    ),
    (
        "last_used_at",
        &[
            "lastusedat",
            "lastused",
            "lastactivity",
            "lastusedon",
            "lastlogin",
            "activeat",
            "lastseen",
            "lastconnectiondate",
        ],
    ),
    ("scopes", &["scopes", "scope", "abilities"]),
    ("permissions", &["permissions"]),
    ("active", &["active", "enabled", "isactive", "isenabled"]),
    (
        "revoked",
        &["revoked", "isrevoked", "disabled", "isdisabled"],
    ),
    ("prefix", &["prefix", "tokenprefix", "keyprefix"]),
];

/// The names of a new secret in a response.
pub(super) const SECRETS: &[&str] = &[
    "token",
    "key",
    "secret",
    "apikey",
    "bearertoken",
    "accesstoken",
    "plaintexttoken",
    "plaintext",
    "tokenvalue",
    "value",
    "sha1",
    "rawkey",
    "plainkey",
    "clientsecret",
    "credential",
];

/// The names of the account in a response.
pub(super) const ACCOUNTS: &[&str] = &[
    "login",
    "username",
    "userlogin",
    "name",
    "email",
    "handle",
    "id",
];

/// The last segment of the path of a call for the account, best first.
pub(super) const ACCOUNT_PATHS: &[&str] = &[
    "whoami",
    "me",
    "self",
    "currentuser",
    "current",
    "user",
    "account",
    "profile",
    "userinfo",
];

/// The last segment of the path of a list of tokens, best first.
pub(super) const TOKEN_PATHS: &[&str] = &[
    "apitokens",
    "apikeys",
    "personalaccesstokens",
    "accesstokens",
    "usertokens",
    "authenticationtokens",
    "authtokens",
    "tokens",
    "apikey",
    "apitoken",
    "keys",
    "token",
];

/// Words in the paths of other tokens or keys.
pub(super) const OTHER_PATHS: &[&str] = &[
    "ssh",
    "gpg",
    "deploy",
    "oauth",
    "refresh",
    "registration",
    "runner",
    "device",
    "login",
    "push",
    "public",
    "encryption",
    "invite",
    "reset",
    "verify",
    "webhook",
    "signing",
];

/// Returns a name in the form that is compared.
pub(super) fn normalize(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Returns the position of a name in a list; a smaller one is better.
pub(super) fn rank(name: &str, names: &[&str]) -> Option<usize> {
    let name = normalize(name);
    names.iter().position(|known| *known == name)
}
