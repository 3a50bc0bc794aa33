//! kubectl: a user with an `exec` entry in the kubeconfig file.

use serde_json::{Value, json};

use super::step::ToolRun;
use super::step::tool_failed;
use super::{Installation, Installer, Plan, PlanResult, Step};
use crate::actions::InstallError;
use crate::domain::{CommandLine, HelperProgram, Hint, Warning, sanitize_line};
use crate::helper::{is_server, parse_url_origin};
use crate::host::Tool;

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: None,
};

const VERSION: &str = "client.authentication.k8s.io/v1";

fn install(wanted: &Installation<'_>) -> PlanResult {
    let (mut plan, user) = (Plan::default(), user_name(wanted));
    let Some(kubectl) = wanted.tool("kubectl") else {
        plan.missing = Some("kubectl");
        plan.remaining = yaml(wanted);
        return Ok(plan);
    };
    let kubeconfig = view(&kubectl)?;
    plan.warning = other_server_warning(&kubeconfig, wanted);
    let present = find_entry(&kubeconfig, &user);
    if present.is_some_and(|entry| !is_own(entry)) {
        return Err(InstallError::Taken {
            place: "the kubeconfig file".to_owned(),
            subject: format!("user \"{user}\""),
            wanted: yaml(wanted).join("\n"),
        });
    }
    if present.is_none_or(|entry| !is_same(entry, wanted)) {
        plan.steps.push(set_credentials(wanted, kubectl));
    }
    let context = format!("kubectl config set-context --current --user={user}");
    plan.remaining.push(context);
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let (mut plan, user) = (Plan::default(), user_name(wanted));
    // The entry serves all servers.
    let kubectl = wanted.tool("kubectl");
    let Some(kubectl) = kubectl.filter(|_| wanted.includes_own_server()) else {
        return Ok(plan);
    };
    if find_entry(&view(&kubectl)?, &user).is_some_and(is_own) {
        let arguments = ["config", "delete-user", &user].map(str::to_owned);
        plan.steps.push(Step::Run(ToolRun {
            name: "kubectl",
            tool: Some(kubectl),
            arguments: arguments.to_vec(),
        }));
    }
    Ok(plan)
}

fn user_name(wanted: &Installation<'_>) -> String {
    format!("brainmaps-{}", wanted.profile())
}

/// An absolute path, because kubectl can be restricted to known programs.
fn arguments(wanted: &Installation<'_>) -> Vec<String> {
    let protocol = ["helper", "kubectl"].map(str::to_owned);
    [wanted.options(), protocol.to_vec()].concat()
}

fn set_credentials(wanted: &Installation<'_>, kubectl: Tool) -> Step {
    let command = wanted.program.to_string_lossy();
    let mut set = ["config", "set-credentials", &user_name(wanted)]
        .map(str::to_owned)
        .to_vec();
    set.push(format!("--exec-command={command}"));
    set.push(format!("--exec-api-version={VERSION}"));
    set.push("--exec-interactive-mode=Never".to_owned());
    set.push("--exec-provide-cluster-info=true".to_owned());
    set.extend(
        arguments(wanted)
            .iter()
            .map(|it| format!("--exec-arg={it}")),
    );
    Step::Run(ToolRun {
        name: "kubectl",
        tool: Some(kubectl),
        arguments: set,
    })
}

/// Returns the kubeconfig file that kubectl uses, merged and without secrets.
fn view(kubectl: &Tool) -> Result<Value, InstallError> {
    // Without --raw, kubectl leaves out secrets.
    let printed = kubectl.run(&["config", "view", "--output=json"]);
    let printed = printed.map_err(tool_failed("kubectl"))?;
    Ok(serde_json::from_str(&printed).unwrap_or_default())
}

/// Returns the `exec` entry of `user`, or what the user has instead; `None` if there is no such user.
fn find_entry<'a>(kubeconfig: &'a Value, user: &str) -> Option<&'a Value> {
    Some(&find_named(kubeconfig, "users", user)?["user"]["exec"])
}

/// Returns the entry called `name` in a list of a kubeconfig file.
fn find_named<'a>(kubeconfig: &'a Value, list: &str, name: &str) -> Option<&'a Value> {
    let mut entries = kubeconfig[list].as_array()?.iter();
    entries.find(|it| it["name"] == name)
}

/// Warns if the helper gives no credential for the cluster of the current context.
fn other_server_warning(kubeconfig: &Value, wanted: &Installation<'_>) -> Option<Warning> {
    let context = kubeconfig["current-context"].as_str()?;
    let cluster = &find_named(kubeconfig, "contexts", context)?["context"]["cluster"];
    let cluster = find_named(kubeconfig, "clusters", cluster.as_str()?)?;
    let server = cluster["cluster"]["server"].as_str()?;
    let mut bound = wanted.session.bound_origins(HelperProgram::Kubectl);
    bound.extend(wanted.origins.iter().cloned());
    if bound.iter().any(|origin| is_server(server, origin)) {
        return None;
    }
    let own = bound.first()?;
    let [context, shown] = [context, server].map(sanitize_line);
    let text = format!(
        "the current context `{context}` of kubectl uses the server {shown}, which does not get the credential for {own}"
    );
    let hint = Hint::from("select another context with `kubectl config use-context NAME`");
    let install = CommandLine::for_profile(wanted.profile(), "helper install kubectl --host");
    let hint = match parse_url_origin(server) {
        Some(origin) => hint
            .text(", or give the server the credential with ")
            .command(install.argument(origin)),
        None => hint,
    };
    Some(Warning::with_hint(text, hint))
}

/// Returns `true` for an entry of this program, for whichever path.
fn is_own(entry: &Value) -> bool {
    let arguments = entry["args"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    arguments.ends_with(&["helper".into(), "kubectl".into()])
}

fn is_same(entry: &Value, wanted: &Installation<'_>) -> bool {
    entry["command"] == *wanted.program.to_string_lossy()
        && entry["args"] == json!(arguments(wanted))
        && entry["apiVersion"] == VERSION
        && entry["provideClusterInfo"] == true
}

/// Returns the entry for a kubeconfig file.
fn yaml(wanted: &Installation<'_>) -> Vec<String> {
    let quote = |text: &str| Value::from(text).to_string();
    let arguments: Vec<String> = arguments(wanted).iter().map(|it| quote(it)).collect();
    vec![
        "users:".to_owned(),
        format!("- name: {}", user_name(wanted)),
        "  user:".to_owned(),
        "    exec:".to_owned(),
        format!("      apiVersion: {VERSION}"),
        format!(
            "      command: {}",
            quote(&wanted.program.to_string_lossy())
        ),
        format!("      args: [{}]", arguments.join(", ")),
        "      interactiveMode: Never".to_owned(),
        "      provideClusterInfo: true".to_owned(),
    ]
}
