use jiff::Timestamp;

use super::*;
use crate::domain::AuthHeader;

fn grant(name: &str, scheme: Option<&str>) -> Grant {
    Grant {
        header: AuthHeader {
            name: name.to_owned(),
            scheme: scheme.map(str::to_owned),
            secret: Secret::new("key"),
        },
        expires_at: Some(Timestamp::from_second(1_000).unwrap()),
        account: None,
    }
}

fn response(lines: &str, grant: &Grant) -> String {
    let request = Request::parse(lines.as_bytes()).unwrap();
    request.response(grant).expose().to_owned()
}

#[test]
fn response_uses_the_scheme_if_git_and_the_server_support_it() {
    let bearer = grant("Authorization", Some("Bearer"));
    let own = grant("X-API-Key", None);
    let basic = "username=oauth2accesstoken\npassword=key\n";
    let (capability, end) = ("capability[]=authtype\n", "password_expiry_utc=1000\n");
    let scheme = "authtype=Bearer\ncredential=key\nephemeral=1\n";
    for (request, grant, expected) in [
        ("", &bearer, format!("{basic}{end}")),
        (capability, &bearer, format!("{capability}{scheme}{end}")),
        (
            "capability[]=authtype\nwwwauth[]=Basic realm=x\nwwwauth[]=bearer realm=y\n",
            &bearer,
            format!("{capability}{scheme}{end}"),
        ),
        (
            "capability[]=authtype\nwwwauth[]=Basic realm=x\n",
            &bearer,
            format!("{capability}{basic}ephemeral=1\n{end}"),
        ),
        (
            capability,
            &own,
            format!("{capability}{basic}ephemeral=1\n{end}"),
        ),
        (
            "capability[]=authtype\ncapability[]=\n",
            &bearer,
            format!("{basic}{end}"),
        ),
        ("capability[]=state\n", &bearer, format!("{basic}{end}")),
        (
            "username=me\n",
            &bearer,
            format!("username=me\npassword=key\n{end}"),
        ),
    ] {
        assert_eq!(response(request, grant), expected, "{request:?}");
    }
}

#[test]
fn account_is_the_user_name_unless_basic_authentication_cannot_send_it() {
    for (account, user) in [
        (Some("me@example.com"), "me@example.com"),
        (Some("a:b"), ANY),
        (Some(""), ANY),
        (None, ANY),
    ] {
        let grant = Grant {
            account: account.map(str::to_owned),
            expires_at: None,
            ..grant("Authorization", None)
        };
        let expected = format!("username={user}\npassword=key\n");
        assert_eq!(response("", &grant), expected);
    }
}

const ANY: &str = "oauth2accesstoken";

#[test]
fn request_has_an_origin_only_for_a_plain_host() {
    for (lines, expected) in [
        (
            "protocol=https\nhost=api.example.com\n",
            Some("https://api.example.com"),
        ),
        (
            "protocol=https\nhost=api.example.com:8443\npath=a/b.git\n\nhost=evil.example\n",
            Some("https://api.example.com:8443"),
        ),
        (
            "protocol=http\nhost=127.0.0.1:80\nunknown[]=x\n",
            Some("http://127.0.0.1"),
        ),
        ("protocol=http\nhost=api.example.com\n", None),
        ("protocol=ssh\nhost=api.example.com\n", None),
        ("protocol=https\nhost=me@api.example.com\n", None),
        ("protocol=https\n", None),
        ("host=api.example.com\n", None),
        ("", None),
    ] {
        let request = Request::parse(lines.as_bytes()).unwrap();
        let origin = request.origin().map(|origin| origin.to_string());
        assert_eq!(origin.as_deref(), expected, "{lines:?}");
    }
}

#[test]
fn malformed_lines_are_refused() {
    let long = format!("path={}\n", "x".repeat(70_000));
    for (lines, expected) in [
        (long.as_bytes(), InvalidRequest::LongLine),
        (b"protocol\n", InvalidRequest::NotAPair),
        (b"host=a\rb\n", InvalidRequest::ControlCharacter),
        (b"protocol=https\r\n", InvalidRequest::ControlCharacter),
        (b"host=a\0b\n", InvalidRequest::ControlCharacter),
        (b"host=\xff\n", InvalidRequest::ControlCharacter),
    ] {
        assert_eq!(Request::parse(lines), Err(expected));
    }
}

#[test]
fn rejected_credential_is_read_in_both_forms() {
    let rejected = |lines: &str| {
        let request = Request::parse(lines.as_bytes()).unwrap();
        request.rejected().map(|secret| secret.expose().to_owned())
    };
    assert_eq!(
        rejected("authtype=Bearer\ncredential=a\n").as_deref(),
        Some("a")
    );
    assert_eq!(
        rejected("username=x\npassword=b=c\n").as_deref(),
        Some("b=c")
    );
    assert_eq!(rejected("host=x\n"), None);
}
