//! `provider new`

use std::fs;

use serde_json::json;

use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

#[test]
fn a_skeleton_passes_the_check_and_explains_itself() {
    let home = TestHome::new();
    let new = [
        "--api-url",
        "https://maps.example/api",
        "provider",
        "new",
        "my-maps",
    ];
    let printed = home.run(&new).expect(0);
    for part in [
        "#:schema ./provider.schema.json\n",
        "id = \"my-maps\"",
        "api_url = \"https://maps.example/api\"",
        "MY_MAPS_API_KEY",
        "{expires:rfc3339}",
    ] {
        assert!(printed.stdout.contains(part), "{part}: {printed}");
    }
    home.run_with_input(&["provider", "check", "-"], &printed.stdout)
        .expect(0);
    let note = "--output my-maps.toml; after editing it, run `brainmaps";
    assert!(printed.stderr.contains(note), "{printed}");
}

#[test]
fn a_file_is_written_and_never_overwritten() {
    let home = TestHome::new();
    let new = ["provider", "new", "maps", "--output", "maps.toml"];
    let written = home.run(&new).expect(0);
    assert!(
        written
            .stderr
            .contains("brainmaps provider check 'maps.toml'"),
        "{written}"
    );
    fs::write(home.work().join("maps.toml"), "edited").unwrap();
    let refused = home.run(&new).expect(2);
    assert!(
        refused.stderr.contains("maps.toml already exists"),
        "{refused}"
    );
    assert_eq!(
        fs::read_to_string(home.work().join("maps.toml")).unwrap(),
        "edited"
    );
}

const DOCUMENT: &str = "openapi: 3.0.3
info: { title: Maps API, version: '1' }
servers: [{ url: /v1 }]
paths:
  /me: { get: { responses: { 200: { content: { application/json: { schema: { type: object, properties: { email: { type: string } } } } } } } } }
  /tokens:
    get: { responses: { 200: { content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: integer }, name: { type: string } } } } } } } } }
  /tokens/{id}: { delete: { responses: { 204: { description: gone } } } }
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Maps-Key } } }
";

#[test]
fn an_openapi_document_fills_in_the_calls() {
    let home = TestHome::new();
    fs::write(home.work().join("openapi.yaml"), DOCUMENT).unwrap();
    let server = ScriptedServer::start(|_, _| ScriptedResponse::text(200, "text/yaml", DOCUMENT));
    let url = format!("{}/openapi.yaml", server.url);
    for from in ["openapi.yaml", &url] {
        let new = ["provider", "new", "maps", "--from-openapi", from];
        let printed = home.run(&new).expect(0);
        for part in [
            "name = \"Maps\"",
            "api_key = { name = \"X-Maps-Key\" }",
            "call = \"GET /me\"\naccount = \"/email\"",
            "call = \"DELETE /tokens/{id}\"",
        ] {
            assert!(printed.stdout.contains(part), "{part}: {printed}");
        }
        assert!(printed.stderr.contains("add [tokens.create]"), "{printed}");
        home.run_with_input(&["provider", "check", "-"], &printed.stdout)
            .expect(0);
    }
    let api_url = format!("api_url = \"{}/v1\"", server.url);
    let printed = home
        .run(&["provider", "new", "maps", "--from-openapi", &url])
        .expect(0);
    assert!(printed.stdout.contains(&api_url), "{printed}");
    fs::write(home.work().join("other.json"), "{\"swagger\": \"2.0\"}").unwrap();
    let refused = home.run(&[
        "provider",
        "new",
        "maps",
        "--from-openapi",
        "other.json",
        "--json",
    ]);
    let refused = refused.expect(2).json();
    assert_eq!(refused["error"]["code"], json!("CONFIG"));
}
