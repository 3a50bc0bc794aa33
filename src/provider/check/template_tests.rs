use super::check;

const HEAD: &str = "id = \"maps\"\nname = \"Maps\"\napi_url = \"https://maps.example\"\n[headers]\napi_key = { name = \"X-API-Key\" }\n";

/// A section, and the only diagnostic for it.
const MISTAKES: &[(&str, &str)] = &[
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = { a = \"{nmae}\" }",
        "tokens.create.json.a: expected only known placeholders",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = { a = { b = [\"{refresh_token}\"] } }",
        "tokens.create: unexpected `{refresh_token}`",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = { a = \"{name}\", b = \"x {name}\" }",
        "tokens.create: the name is in the request twice",
    ),
    (
        "[tokens.create]\ncall = \"POST /k?ttl={expires:seconds}\"\nsecret = \"/key\"\njson = { a = \"{expires:days}\" }",
        "tokens.create: the lifetime is in the request twice",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nform = { a = { b = \"{name}\" } }",
        "tokens.create.form: expected members without",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nform = {}\njson = {}",
        "tokens.create: expected one body",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = { at = 2027-01-01 }",
        "tokens.create.json.at: expected a date in quotation marks",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nlimits = { scopes = { required = true } }",
        "tokens.create.limits.scopes.required: required, but the request has no `{scopes}`",
    ),
    (
        "[tokens.create]\ncall = \"GET /k\"\nsecret = \"/key\"",
        "tokens.create.call: expected POST, PUT or PATCH",
    ),
    (
        "[tokens.create]\ncall = \"POST /k?p={password}\"\nsecret = \"/key\"",
        "tokens.create.call: expected no secret in a URL",
    ),
    (
        "[tokens.create]\ncall = \"POST /k?o={otp}\"\nsecret = \"/key\"",
        "tokens.create.call: expected no secret in a URL",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nheaders = { x-api-key = \"{otp}\" }",
        "tokens.create.headers: expected no header that carries a credential",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nheaders = { x = \"\" }",
        "tokens.create.headers: expected visible ASCII",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\nheaders = { x = \"{id}\" }",
        "tokens.create.headers: unexpected `{id}`",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = { user = \"{username}\" }",
        "tokens.create: `{username}` requires `account`",
    ),
    (
        "[tokens.rotate]\ncall = \"POST /k/{id}\"\nsecret = \"/key\"",
        "tokens.rotate: expected [tokens.list]",
    ),
    (
        "[whoami]\ncall = \"GET /me\"\n[tokens.list]\ncall = \"GET /k\"\nitems = \"\"\n[tokens.fields]\nid = \"/id\"\n\
         [tokens.rotate]\ncall = \"POST /k\"\nsecret = \"/key\"",
        "tokens.rotate: missing `{id}`",
    ),
    (
        "[tokens.kinds.project.list]\ncall = \"POST /k\"\nitems = \"\"\n[tokens.kinds.project.fields]\nid = \"/id\"",
        "tokens.kinds.project.list.call: expected GET",
    ),
    (
        "[tokens.kinds.project.create]\ncall = \"POST /k\"\nsecret = \"/key\"\njson = {}\nform = {}",
        "tokens.kinds.project.create: expected one body",
    ),
    (
        "[tokens.kinds.permanent]",
        "tokens.kinds.permanent: expected a name",
    ),
    (
        "[tokens.kinds.a.kinds.b]",
        "tokens.kinds.a: unexpected `kinds`",
    ),
    (
        "access_token = { name = \"Authorization\" }\n[exchange]\ncall = \"POST /x\"\nanswer = { secret = \"/t\" }",
        "exchange: missing `{key}`",
    ),
    (
        "[exchange]\ncall = \"POST /x\"\njson = { k = \"{key}\" }\nanswer = { secret = \"/t\" }",
        "headers.access_token: `exchange` uses this credential kind",
    ),
    (
        "[exchange]\ncall = \"POST /x\"\nkind = \"api_key\"\njson = { k = \"{key}\" }\nanswer = { secret = \"/t\" }",
        "exchange.kind: expected the kind of the token",
    ),
    (
        "[tokens]\nenable = \"POST /on/{id}\"",
        "tokens.enable: expected both calls",
    ),
    (
        "[tokens]\nenable = \"POST /on/{id}\"\ndisable = \"POST /off\"",
        "tokens.disable: missing `{id}`",
    ),
    (
        "[tokens]\nrevoke_self = \"POST /off/{name}\"",
        "tokens.revoke_self.call: unexpected `{name}`",
    ),
    (
        "[tokens.list]\ncall = \"POST /k\"\nitems = [\"\"]\n[tokens.fields]\nid = \"/id\"",
        "tokens.list.call: expected GET",
    ),
    (
        "[whoami]\ncall = \"DELETE /me\"",
        "whoami.call: expected GET",
    ),
    (
        "[tokens.revoke]\ncall = \"POST /revoke\"\njson = { key = \"{name}\", id = \"{id}\" }\n[tokens.fields]\nid = \"/id\"",
        "tokens.revoke: unexpected `{name}`",
    ),
    (
        "[tokens.update]\ncall = \"PATCH /k/{id}\"\njson = { on = true }",
        "tokens.update: missing `{active}`",
    ),
    (
        "[whoami]\ncall = \"GET /me\"\naccount = \"/a~2b\"",
        "whoami.account: expected a JSON pointer",
    ),
];

#[test]
fn mistakes_in_templates_are_reported_at_their_member() {
    for (rest, expected) in MISTAKES {
        let found = check(&format!("{HEAD}{rest}\n"), None);
        let found: Vec<String> = found
            .iter()
            .map(|it| format!("{}: {}", it.at, it.message))
            .collect();
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{expected}: {found:?}"
        );
    }
}

#[test]
fn templates_of_real_services_are_valid() {
    for rest in [
        "[tokens.create]\ncall = \"POST /t\"\nsecret = \"/token\"\n\
         json = { data = { type = \"authentication-tokens\", attributes = { description = \"{name}\", expired-at = \"{expires:rfc3339}\" } } }",
        "[tokens.revoke]\ncall = \"POST /api/2.0/token/delete\"\njson = { token_id = \"{id}\" }\n[tokens.fields]\nid = \"/id\"",
        "[tokens]\nrevoke = \"DELETE /t?name={id}\"\n[tokens.fields]\nid = \"/id\"",
        "[login.password]\ncall = \"POST /login\"\nkind = \"session_token\"\nanswer = { secret = \"/t\" }\n\
         json = { identifier = { type = \"m.id.user\", user = \"{username}\" }, password = \"{password}\" }\n\
         [headers.session_token]\nname = \"Authorization\"",
    ] {
        let found = check(&format!("{HEAD}{rest}\n"), None);
        assert_eq!(found, [], "{rest}");
    }
}
