//! The responses of the simulated service to each client.

use std::sync::LazyLock;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::archive::tar_gz;
use super::service::HOST;
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

static CRATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let manifest = "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    tar_gz(&[
        ("demo-1.0.0/Cargo.toml", manifest),
        ("demo-1.0.0/src/lib.rs", ""),
    ])
});

static MODULE: LazyLock<Vec<u8>> =
    LazyLock::new(|| tar_gz(&[("main.tf", "output \"x\" { value = 1 }\n")]));

static CHART: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let chart = "apiVersion: v2\nname: chart\nversion: 0.1.0\n";
    tar_gz(&[("chart/Chart.yaml", chart)])
});

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const IMAGE_CONFIG: &str =
    r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#;
const CHART_CONFIG: &str = r#"{"name":"chart","version":"0.1.0","apiVersion":"v2"}"#;

/// The response without a credential, with the challenge that the protocol uses.
pub(super) fn unauthorized(request: &ReceivedRequest) -> ScriptedResponse {
    let uses_passwords = ["/v2/", "/simple/", "/files/"];
    let challenge = if uses_passwords.iter().any(|it| request.path.starts_with(it)) {
        "Basic realm=\"service\""
    } else {
        "Bearer realm=\"service\""
    };
    let body =
        json!({ "errors": [{ "code": "UNAUTHORIZED", "detail": "a credential is required" }] });
    ScriptedResponse::json(401, &body).header("www-authenticate", challenge)
}

/// The responses that need no credential.
pub(super) fn public(request: &ReceivedRequest) -> Option<ScriptedResponse> {
    match request.path.as_str() {
        "/.well-known/terraform.json" => Some(ScriptedResponse::json(
            200,
            &json!({ "modules.v1": "/terraform/" }),
        )),
        // Terraform sends no credential for archives.
        path if path.starts_with("/archive.tgz") => Some(ScriptedResponse::bytes(
            200,
            "application/gzip",
            MODULE.clone(),
        )),
        _ => None,
    }
}

/// Where cargo uploads a crate.
pub(super) const UPLOAD: &str = "/api/v1/crates/new";

/// Returns the response to a request with a credential. `has_upload` is true after the crate `mine` was uploaded.
pub(super) fn authorized(request: &ReceivedRequest, has_upload: bool) -> ScriptedResponse {
    let path = request.path.split('?').next().unwrap_or_default();
    let json = |value| ScriptedResponse::json(200, &value);
    match path {
        "/team/a.git/info/refs" => ScriptedResponse::text(
            200,
            "application/x-git-upload-pack-advertisement",
            "001e# service=git-upload-pack\n00000000",
        ),
        "/version" => json(json!({ "major": "1", "minor": "35" })),
        "/index/config.json" => json(json!({
            "dl": format!("https://{HOST}/crates"), "api": format!("https://{HOST}"), "auth-required": true,
        })),
        "/api/v1/crates" => json(json!({ "crates": [], "meta": { "total": 0 } })),
        UPLOAD => json(json!({ "warnings": {} })),
        "/index/de/mo/demo" => ScriptedResponse::text(200, "text/plain", &crate_line("demo")),
        "/index/mi/ne/mine" if has_upload => {
            ScriptedResponse::text(200, "text/plain", &crate_line("mine"))
        }
        "/crates/demo/1.0.0/download" => {
            ScriptedResponse::bytes(200, "application/gzip", CRATE.clone())
        }
        "/go/example.com/m/@v/list" => ScriptedResponse::text(200, "text/plain", "v1.0.0\n"),
        "/go/example.com/m/@v/v1.0.0.info" => json(json!({ "Version": "v1.0.0" })),
        "/go/example.com/m/@v/v1.0.0.mod" => {
            ScriptedResponse::text(200, "text/plain", "module example.com/m\n")
        }
        "/simple/demo/" => ScriptedResponse::text(200, "text/html", &simple_page()),
        "/files/demo-1.0-py3-none-any.whl.metadata" => {
            ScriptedResponse::text(200, "text/plain", WHEEL_METADATA)
        }
        "/npm/demo" => json(packument()),
        "/terraform/team/demo/aws/versions" => {
            json(json!({ "modules": [{ "versions": [{ "version": "1.0.0" }] }] }))
        }
        "/terraform/team/demo/aws/1.0.0/download" => {
            ScriptedResponse::text(204, "text/plain", "").header("x-terraform-get", "/archive.tgz")
        }
        _ => registry(path).unwrap_or_else(|| ScriptedResponse::json(404, &json!({}))),
    }
}

/// The registry of images and charts.
fn registry(path: &str) -> Option<ScriptedResponse> {
    let rest = path.strip_prefix("/v2/")?;
    let manifest = |kind: &str, document: Value| {
        let text = document.to_string();
        let digest = digest(text.as_bytes());
        ScriptedResponse::text(200, kind, &text).header("docker-content-digest", &digest)
    };
    match rest {
        "" => Some(ScriptedResponse::json(200, &json!({}))),
        "image/manifests/latest" => Some(manifest(DOCKER_MANIFEST, image_manifest())),
        "chart/manifests/0.1.0" => Some(manifest(OCI_MANIFEST, chart_manifest())),
        path => {
            let blobs = [IMAGE_CONFIG.as_bytes(), CHART_CONFIG.as_bytes(), &CHART];
            let found = blobs.into_iter().find(|it| path.ends_with(&digest(it)))?;
            Some(ScriptedResponse::bytes(
                200,
                "application/octet-stream",
                found.to_vec(),
            ))
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn blob(kind: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": kind, "digest": digest(bytes), "size": bytes.len() })
}

fn image_manifest() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": blob("application/vnd.docker.container.image.v1+json", IMAGE_CONFIG.as_bytes()),
        "layers": [],
    })
}

fn chart_manifest() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": blob("application/vnd.cncf.helm.config.v1+json", CHART_CONFIG.as_bytes()),
        "layers": [blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", &CHART)],
    })
}

/// The line of the crate in cargo's index.
fn crate_line(name: &str) -> String {
    let line = json!({ "name": name, "vers": "1.0.0", "deps": [], "features": {}, "yanked": false,
        "cksum": hex::encode(Sha256::digest(CRATE.as_slice())) });
    format!("{line}\n")
}

const WHEEL_METADATA: &str = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n";

/// A page of the simple index, whose wheel has its metadata beside it (PEP 658).
fn simple_page() -> String {
    format!(
        "<!DOCTYPE html><a href=\"https://{HOST}/files/demo-1.0-py3-none-any.whl\" \
         data-dist-info-metadata=\"true\">demo-1.0-py3-none-any.whl</a>"
    )
}

fn packument() -> Value {
    json!({
        "name": "demo",
        "dist-tags": { "latest": "1.0.0" },
        "versions": { "1.0.0": { "name": "demo", "version": "1.0.0", "dist": {
            "tarball": format!("https://{HOST}/npm/demo/-/demo-1.0.0.tgz"), "shasum": "0".repeat(40),
        } } },
    })
}
