//! Everything in an env file except the key stays byte for byte; if that is impossible, no request is sent.

use std::fs;

use super::{Fixture, NEW_KEY, OLD_KEY};

#[test]
fn every_other_byte_stays() {
    for (before, after) in [
        ("A=1", "A=1\nKEY=new\n"),
        ("A=1\r\nB='x\r\ny'\r\n", "A=1\r\nB='x\r\ny'\r\nKEY=new\r\n"),
        ("A=1\r\nB=2\n", "A=1\r\nB=2\nKEY=new\n"),
        ("KEY=old # why\nKEY=\"old\"", "KEY=new # why\nKEY=\"new\""),
        (
            "KEY=first\n\n\nKEY=old\n# end",
            "KEY=first\n\n\nKEY=new\n# end",
        ),
        (
            "\texport KEY = 'old'\t#\t'\nNOTE=don't\n",
            "\texport KEY = 'new'\t#\t'\nNOTE=don't\n",
        ),
        ("A=\"open\nKEY=old\n", "A=\"open\nKEY=new\n"),
        ("# C:\\\nKEY=old\n", "# C:\\\nKEY=new\n"),
        ("A=x\\\\\nKEY=old\n", "A=x\\\\\nKEY=new\n"),
    ] {
        let fixture = Fixture::new();
        let text = |text: &str| {
            let text = text.replace("KEY", "BRAINMAPS_API_KEY");
            text.replace("old", OLD_KEY).replace("new", NEW_KEY)
        };
        // The URL is there already, so that only the key is written.
        let url = fixture.url();
        fixture.put(&format!("{url}{}", text(before)));
        fixture.create(&["--force"]).expect(0);
        assert_eq!(fixture.read(), format!("{url}{}", text(after)));
        assert_eq!(fixture.names(), ["app.env"]);
    }
}

#[test]
fn bytes_that_are_not_utf8_stay_on_other_lines() {
    let fixture = Fixture::new();
    let head = [&b"A=\xff\xfe\x80\n"[..], fixture.url().as_bytes()].concat();
    fixture.put("");
    fs::write(fixture.file(), &head).unwrap();
    fixture.create(&[]).expect(0);
    let line = format!("BRAINMAPS_API_KEY={NEW_KEY}\n");
    let expected = [&head[..], line.as_bytes()].concat();
    assert_eq!(fs::read(fixture.file()).unwrap(), expected);
}

#[test]
fn ambiguous_text_is_rejected_before_any_request() {
    for (before, says) in [
        ("KEY=\"one\ntwo\"\n", "several lines"),
        ("A=\"one\nKEY=two\n\"\n", "inside the quoted value"),
        ("KEY='old\n", "malformed"),
        ("A=1\rKEY=old\r", "carriage return"),
        (
            "A=one\\\nKEY=old\n",
            "below line 1, which ends with a backslash",
        ),
        ("A=1\r\nB=C:\\\r\nKEY=old\r\n", "below line 2"),
        ("KEY=old\nKEY=old\\\nB=2\n", "line 2, which sets"),
    ] {
        let fixture = Fixture::new();
        let before = before
            .replace("KEY", "BRAINMAPS_API_KEY")
            .replace("old", OLD_KEY);
        fixture.put(&before);
        let received = fixture.requests();
        for refused in [fixture.create(&["--force", "--json"]), fixture.rotate()] {
            let refused = refused.expect(2);
            assert!(refused.stdout.contains(says), "{refused}");
            assert!(!refused.stdout.contains(OLD_KEY), "{refused}");
        }
        assert_eq!(fixture.requests(), received);
        assert_eq!(fixture.read(), before);
    }
}

#[test]
fn line_is_not_added_below_a_line_that_ends_with_a_backslash() {
    for before in ["A=1\nB=C:\\\n", "A=1\nB=C:\\"] {
        let fixture = Fixture::new();
        fixture.put(before);
        let received = fixture.requests();
        let refused = fixture.create(&["--json"]).expect(2);
        assert!(refused.stdout.contains("below line 2"), "{refused}");
        assert_eq!(fixture.requests(), received);
        assert_eq!(fixture.read(), before);
    }
}

#[test]
fn other_lines_that_set_the_variable_are_reported() {
    let fixture = Fixture::new();
    let url = fixture.url();
    fixture.put(&format!(
        "BRAINMAPS_API_KEY=first\n{url}BRAINMAPS_API_KEY={OLD_KEY}\n"
    ));
    let made = fixture.create(&["--force"]).expect(0);
    for printed in ["more than once", "line 3 was changed", "line 1 was kept"] {
        assert!(made.stderr.contains(printed), "{made}");
    }
    assert!(!made.stderr.contains("first"), "{made}");

    fixture.put(&format!("{url}BRAINMAPS_API_KEY={OLD_KEY}\n"));
    let made = fixture.create(&["--force"]).expect(0);
    assert!(!made.stderr.contains("more than once"), "{made}");
}

#[test]
fn unclosed_quote_above_the_key_is_reported() {
    let fixture = Fixture::new();
    fixture.put(&format!("NOTE='open\n{}", fixture.url()));
    let made = fixture.create(&[]).expect(0);
    assert!(
        made.stderr.contains("line 1 of") && made.stderr.contains("not closed"),
        "{made}"
    );
}
