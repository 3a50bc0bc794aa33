//! The commands that help to write, check, try and add a description of a service.

mod add;
mod check;
mod explain;
mod export_rules;
mod gallery;
mod new;
#[cfg(feature = "sandbox")]
mod schema;
mod trial;

/// A valid description of a server at `url`.
fn description(url: &str) -> String {
    format!(
        "id = \"maps\"\nname = \"Maps\"\napi_url = \"{url}\"\n\
         [environment]\napi_key = \"MAPS_API_KEY\"\n\
         [headers]\napi_key = {{ name = \"X-API-Key\" }}\n\
         [whoami]\ncall = \"GET /me\"\naccount = \"/login\"\n\
         [tokens.list]\ncall = \"GET /keys\"\nitems = \"/results\"\n\
         [tokens.create]\ncall = \"POST /keys\"\njson = {{ label = \"{{name}}\" }}\nsecret = \"/key\"\ntoken = \"/data\"\n\
         [tokens.get]\ncall = \"GET /keys/{{id}}\"\n\
         [tokens.revoke]\ncall = \"DELETE /keys/{{id}}\"\n\
         [tokens.fields]\nid = \"/id\"\nname = \"/label\"\nexpires_at = \"/end\"\n"
    )
}
