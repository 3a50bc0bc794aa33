use super::*;
use crate::provider::check;

/// Returns the text of the description that is drafted from a document, which passes the check.
fn drafted(document: &str, from: Option<&str>) -> String {
    let document = Document::parse(document).unwrap();
    let from = from.map(|url| Url::parse(url).unwrap());
    let id = "maps".parse().unwrap();
    let text = draft(&document, &id, from.as_ref(), None).render(&id).text;
    assert_eq!(check(&text, Some("maps")), [], "{text}");
    text
}

#[track_caller]
fn expect_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            text.lines().any(|it| it == *line),
            "no line `{line}` in\n{text}"
        );
    }
}

/// A forge: the user's name in the path, a `Link` header, keys with the scheme `token`, and other keys beside the tokens.
const FORGE: &str = r##"
openapi: 3.0.3
info: { title: Forge API, version: "1.22" }
servers: [{ url: /api/v1 }]
paths:
  /user:
    get:
      responses:
        200: { content: { application/json: { schema: { $ref: "#/components/schemas/User" } } } }
  /user/keys:
    get: { responses: { "200": { description: SSH keys, content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: integer }, key: { type: string } } } } } } } } }
    post: { responses: { "201": { description: SSH key } } }
  /users/{username}/tokens:
    parameters: [{ name: username, in: path, required: true, schema: { type: string } }]
    get:
      parameters:
        - { name: page, in: query, schema: { type: integer } }
        - { name: limit, in: query, schema: { type: integer, default: 30 } }
      responses:
        "200":
          headers: { Link: { schema: { type: string } } }
          content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Token" } } } }
        "403": { content: { application/json: { schema: { type: object, properties: { message: { type: string }, url: { type: string } } } } } }
    post:
      requestBody:
        content:
          application/json:
            schema: { type: object, required: [name], properties: { name: { type: string }, scopes: { type: array, items: { type: string } } } }
      responses:
        "201": { content: { application/json: { schema: { $ref: "#/components/schemas/Token" } } } }
  /users/{username}/tokens/{token}:
    delete: { responses: { "204": { description: deleted } } }
components:
  schemas:
    User: { type: object, properties: { id: { type: integer }, login: { type: string } } }
    Token:
      type: object
      properties:
        id: { type: integer }
        name: { type: string }
        sha1: { type: string }
        token_last_eight: { type: string }
        scopes: { type: array, items: { type: string } }
        created_at: { type: string, format: date-time }
        last_used_at: { type: string, format: date-time }
  securitySchemes:
    BasicAuth: { type: http, scheme: basic }
    Header: { type: apiKey, in: header, name: Authorization, description: Keys must be prepended with "token" followed by a space }
    TOTPHeader: { type: apiKey, in: header, name: X-FORGE-OTP }
"##;

#[test]
fn forge_with_the_user_in_the_path_is_drafted() {
    let text = drafted(FORGE, Some("https://forge.example/swagger.yaml"));
    expect_lines(
        &text,
        &[
            "name = \"Forge\"",
            "api_url = \"https://forge.example/api/v1\"",
            "api_key = { name = \"Authorization\", scheme = \"token\" }",
            "username = { from = \"whoami\", at = \"/login\" }",
            "call = \"GET /user\"",
            "account = \"/login\"",
            "call = \"GET /users/{parameter:username}/tokens\"",
            "items = \"\"",
            "paging = { style = \"page\", page = \"page\", limit = \"limit\", size = 30 }",
            "call = \"POST /users/{parameter:username}/tokens\"",
            "json = { name = \"{name}\", scopes = \"{scopes}\" }",
            "secret = \"/sha1\"",
            "call = \"DELETE /users/{parameter:username}/tokens/{id}\"",
            "last_used_at = \"/last_used_at\"",
            "message = \"/message\"",
        ],
    );
    assert!(!text.contains("/user/keys"), "{text}");
}

/// A hosting service: milliseconds, an envelope with a cursor, and the token beside its secret.
const HOSTING: &str = r##"{
  "openapi": "3.1.0",
  "info": { "title": "Hosting REST API", "version": "1" },
  "servers": [{ "url": "https://api.hosting.example" }],
  "paths": {
    "/v2/user": { "get": { "responses": { "200": { "content": { "application/json": { "schema": {
      "type": "object", "properties": { "user": { "type": "object", "properties": { "id": { "type": "string" }, "username": { "type": "string" } } } } } } } } } } },
    "/v5/user/tokens": {
      "get": {
        "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "number" } }, { "name": "until", "in": "query", "schema": { "type": "number" } }],
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": {
          "pagination": { "type": "object", "properties": { "count": { "type": "number" }, "next": { "type": ["number", "null"] } } },
          "tokens": { "type": "array", "items": { "$ref": "#/components/schemas/AuthToken" } } } } } } } } },
      "post": {
        "requestBody": { "content": { "application/json": { "schema": { "type": "object", "required": ["name", "kind"], "properties": {
          "name": { "type": "string" }, "kind": { "enum": ["personal", "team"] },
          "expiresAt": { "type": "number", "description": "the time in milliseconds" } } } } } },
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": {
          "token": { "$ref": "#/components/schemas/AuthToken" }, "bearerToken": { "type": "string" } } } } } } } } },
    "/v5/user/tokens/{tokenId}": {
      "get": { "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": { "token": { "$ref": "#/components/schemas/AuthToken" } } } } } } } },
      "delete": { "responses": { "200": {} } } }
  },
  "components": {
    "schemas": { "AuthToken": { "type": "object", "properties": {
      "id": { "type": "string" }, "name": { "type": "string" }, "expiresAt": { "type": "number" },
      "createdAt": { "type": "number" }, "activeAt": { "type": "number" } } } },
    "securitySchemes": { "bearerToken": { "type": "http", "scheme": "bearer" },
      "oauth2": { "type": "oauth2", "flows": { "authorizationCode": {
        "authorizationUrl": "https://hosting.example/oauth/authorize", "tokenUrl": "https://hosting.example/oauth/token", "scopes": {} } } } }
  }
}"##;

#[test]
fn hosting_service_with_milliseconds_and_a_cursor_is_drafted() {
    let text = drafted(HOSTING, None);
    expect_lines(
        &text,
        &[
            "api_url = \"https://api.hosting.example\"",
            "api_key = { name = \"Authorization\", scheme = \"Bearer\" }",
            "issuer = \"https://hosting.example\"",
            "token_endpoint = \"https://hosting.example/oauth/token\"",
            "account = \"/user/username\"",
            "items = \"/tokens\"",
            "paging = { style = \"cursor\", parameter = \"until\", next = \"/pagination/next\" }",
            "json = { expiresAt = \"{expires:unix_ms}\", kind = \"personal\", name = \"{name}\" }",
            "secret = \"/bearerToken\"",
            "token = \"/token\"",
            "call = \"GET /v5/user/tokens/{id}\"",
            "call = \"DELETE /v5/user/tokens/{id}\"",
            "last_used_at = \"/activeAt\"",
        ],
    );
}

/// A FastAPI service: nullable members as `anyOf`, pages with a total, keys of an account that the user names.
const FASTAPI: &str = r##"{
  "openapi": "3.1.0",
  "info": { "title": "Runs", "version": "0.90" },
  "paths": {
    "/api/v1/current-user": { "get": { "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } } } } } },
    "/api/v1/service_accounts/{service_account_id}/api_keys": {
      "get": {
        "parameters": [{ "name": "service_account_id", "in": "path", "schema": { "type": "string" } },
          { "name": "page", "in": "query", "schema": { "type": "integer", "default": 1 } },
          { "name": "size", "in": "query", "schema": { "type": "integer", "default": 20 } }],
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": {
          "index": { "type": "integer" }, "total_pages": { "type": "integer" }, "total": { "type": "integer" },
          "items": { "type": "array", "items": { "$ref": "#/components/schemas/Key" } } } } } } },
          "422": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Invalid" } } } } } },
      "post": {
        "requestBody": { "content": { "application/json": { "schema": { "type": "object", "required": ["name"], "properties": {
          "name": { "type": "string" }, "ttl_days": { "anyOf": [{ "type": "integer" }, { "type": "null" }] } } } } } },
        "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Key" } } } } } } },
    "/api/v1/service_accounts/{service_account_id}/api_keys/{api_key_id}": {
      "put": { "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": { "active": { "anyOf": [{ "type": "boolean" }, { "type": "null" }] } } } } } },
        "responses": { "200": {} } },
      "delete": { "responses": { "200": {} } } }
  },
  "components": {
    "schemas": {
      "User": { "allOf": [{ "$ref": "#/components/schemas/Base" }, { "type": "object", "properties": { "name": { "type": "string" } } }] },
      "Base": { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" } } },
      "Invalid": { "type": "object", "properties": { "detail": { "type": "array", "items": {} } } },
      "Key": { "type": "object", "properties": { "id": { "type": "string" }, "name": { "type": "string" }, "key": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
        "active": { "type": "boolean" }, "created": { "type": "string" } } } },
    "securitySchemes": { "OAuth2": { "type": "oauth2", "flows": { "password": { "tokenUrl": "login", "scopes": {} } } } }
  }
}"##;

#[test]
fn fastapi_service_with_nullable_members_is_drafted() {
    let text = drafted(FASTAPI, Some("https://runs.example/openapi.json"));
    expect_lines(
        &text,
        &[
            "api_url = \"https://runs.example\"",
            "service_account_id = { label = \"service_account_id\" }",
            "call = \"GET /api/v1/current-user\"",
            "account = \"/name\"",
            "items = \"/items\"",
            "paging = { style = \"page\", page = \"page\", limit = \"size\", size = 20, pages = \"/total_pages\" }",
            "json = { name = \"{name}\", ttl_days = \"{expires:days}\" }",
            "secret = \"/key\"",
            "json = { active = \"{active}\" }",
            "active = \"/active\"",
            "# the document names no header for keys: verify headers.api_key",
        ],
    );
    assert!(!text.contains("message ="), "{text}");
}

#[test]
fn document_without_token_calls_says_what_is_missing() {
    let text = drafted(
        "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"x\"},\"paths\":{}}",
        None,
    );
    expect_lines(
        &text,
        &[
            "# the document names no server: set api_url",
            "# no call that lists tokens found: add [tokens.list] if there is one",
        ],
    );
}

#[test]
fn other_documents_are_refused() {
    for (text, expected) in [
        ("swagger: \"2.0\"\n", "Swagger 2.0"),
        ("{\"openapi\": \"4.0\"}", "expected version 3.0 or 3.1"),
        ("hello", "expected a member `openapi`"),
        ("{", "invalid JSON"),
        ("a: [", "invalid YAML"),
    ] {
        let reason = Document::parse(text).unwrap_err();
        assert!(
            reason.starts_with(expected) || reason.contains(expected),
            "{reason}"
        );
    }
}

#[test]
fn references_and_schemas_that_contain_themselves_end() {
    let text = "openapi: 3.0.0\npaths:\n  /tokens:\n    get: { responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } }\ncomponents:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n    C: { allOf: [{ $ref: '#/components/schemas/C' }] }\n";
    assert!(drafted(text, None).contains("GET /tokens"));
    let nested = text.replace("schemas/A' } } } } }", "schemas/C' } } } } }");
    assert!(drafted(&nested, None).contains("GET /tokens"));
}
