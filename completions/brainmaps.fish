# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_brainmaps_global_optspecs
    string join \n p/profile= sandbox api-url= ca-cert= json no-input q/quiet v/verbose color= visual h/help V/version
end

function __fish_brainmaps_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_brainmaps_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_brainmaps_using_subcommand
    set -l cmd (__fish_brainmaps_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c brainmaps -n "__fish_brainmaps_needs_command" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -l visual -d 'Look after tokens and sessions on the whole terminal; takes no command'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -s V -l version -d 'Print version'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "login" -d 'Signs in and stores the result, so that every later command has a credential'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "logout" -d 'Ends the session at the server, refresh token first, then deletes what is stored here. Both facts are told'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "status" -d 'Shows what is signed in, from which source, until when. Exits with 4 when there is nothing that works'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "whoami" -d 'The account behind the credential'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "account" -d 'The account itself'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "token" -d 'API tokens: the long-lived credentials of programs'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "credential" -d 'The credential in use'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "profile" -d 'Accounts. One comes with every service; more can be added'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "provider" -d 'Services: what is built in, and what you described yourself'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "project" -d 'Which account the commands in a directory use, or that they need none'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "config" -d 'Settings, kept in `config.toml`'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "doctor" -d 'Looks for what may be wrong on this computer, and says what to do about it. Changes nothing and sends no credential'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "sandbox" -d 'A local stand-in for the services: same calls, same rules, invented data. For trying things out and for tests'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "demo" -d 'Shows the whole job on a stand-in for the service inside this program, and checks every step of it'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "completions" -d 'Prints the completion script for a shell'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "man" -d 'Prints the manual page, or writes one page a command into a directory'
complete -c brainmaps -n "__fish_brainmaps_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l import -d 'Take over the session that the service\'s own client keeps on this machine, in FILE or where the service\'s description says' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l username -d 'The name or e-mail that goes with the password' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l issuer -d 'The OAuth2 authorization server' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l client-id -d 'The public client to sign in as' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l scope -d 'What to ask for; may be repeated' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l storage -d 'Where to keep the credential [default: file]' -r -f -a "file\t''
keyring\t''"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l device -d 'Approve in a browser, on this device or another'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l password -d 'With a name and a password, typed unseen'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l with-token -d 'Store an API key, read from stdin or typed unseen'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l with-cookie -d 'Store the cookie of a web session, read from stdin or typed unseen'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l password-stdin -d 'Read the password from stdin'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l no-browser -d 'Do not open a browser'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l qr -d 'Show the page\'s address as a QR code'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l no-verify -d 'Store a key or a cookie without asking the service whether it accepts it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -l replace -d 'Replace a stored session of another server without asking'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l all -d 'Every profile that is signed in'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -l local -d 'Only here: the server is not asked, and the session lives on there'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l check -d 'Ask the server, too'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -l all -d 'Every profile that has something'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -f -a "resend-verification" -d 'Have the e-mail that verifies your address sent again'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and not __fish_seen_subcommand_from resend-verification help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from resend-verification" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "resend-verification" -d 'Have the e-mail that verifies your address sent again'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "create" -d 'Makes an API token. Its secret is shown this once, or goes straight into an env file'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "list" -d 'Lists API tokens: one page, unless more is asked for'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "get" -d 'Shows one API token'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "update" -d 'Switches one API token on or off. What is switched off can be switched on again'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "inspect" -d 'Reads a token and tells what it is, without any network: which service it belongs to, whether it is well formed, and what a JWT says of itself, which nobody has verified. The token itself is not shown'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "revoke" -d 'Revokes API tokens. The services reject a revoked token at once; it cannot be brought back. Several ids are revoked 8 at a time'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "rotate" -d 'Creates a token with the same name, permissions, scopes and lifetime, verifies it with a request, puts it where the old one is used, and then revokes the old one. Fails before anything is sent where the service cannot create such a token, unless --accept-changes names what may become wider. Interrupted at any point, it leaves a key that works; run it again to finish or undo it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and not __fish_seen_subcommand_from create list get update inspect revoke rotate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l permission -d 'What it may do; may be repeated' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l scope -d 'On what it may do it; may be repeated' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l expires-in -d 'How long it lives: 90d, 2w' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l space -d 'One of a space, by its id' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l env-file -d 'Write the secret to this env file instead of showing it' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l permanent -d 'Those that live until they are revoked'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l temporary -d 'Those that end by themselves'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -l force -d 'Replace a key that is in the env file already; the old key still works'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l limit -d 'At most this many' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l offset -d 'Leave out this many at the beginning' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l expires-within -d 'Only those that end within this time: 14d' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l permanent -d 'Those that live until they are revoked'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l temporary -d 'Those that end by themselves'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -l all -d 'Every page'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -l with-token -d 'The one with this key, read from stdin or typed unseen; it is looked for in the list, and not sent'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l active -d 'It works'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -l inactive -d 'It is refused'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l permanent -d 'Those that live until they are revoked'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l temporary -d 'Those that end by themselves'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l all -d 'All there are, the one in use too'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Do not ask'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Say what would be revoked, and do nothing'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l env-file -d 'The token is used from this file; left out, it is the profile\'s stored key' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l accept-changes -d 'Facts of the token that may become wider, separated by commas; may be repeated' -r -f -a "expiry\t''
scopes\t''
permissions\t''
kind\t''"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make one; its secret is shown once'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "update" -d 'Switch one on or off'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'What a token is, told offline from its form'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'End one, several, or all of a kind, at once and for good'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Replace an API token with a new one where it is used, and revoke the old one'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -f -a "print" -d 'Prints the credential in use to stdout, and nothing else. It is renewed first when it ends soon'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -f -a "explain" -d 'Every source looked at, in order, which one won and why'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -f -a "refresh" -d 'Renews the session when it ends soon; with --force, in any case'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and not __fish_seen_subcommand_from print explain refresh help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l min-ttl -d 'Renew it unless it lives at least this long: 90s, 5m, 2h, 1d' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -l header -d 'As the header that the service wants'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -l force -d 'Also when it is still fresh'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "print" -d 'Print it, renewed when it must be'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Every source looked at, in order, which one won and why'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "refresh" -d 'Renew it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "list" -d 'All profiles'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "show" -d 'One profile'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "add" -d 'Adds a profile'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "use" -d 'Use it when none is named'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "remove" -d 'Forget one that is signed out'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l provider -d 'Its service' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l issuer -d 'The OAuth2 authorization server, where it is not the service\'s usual one' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l client-id -d 'The public client, where it is not the service\'s usual one' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'All profiles'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'One profile'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add one'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "use" -d 'Use it when none is named'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Forget one that is signed out'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -f -a "list" -d 'All services, and what each offers'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -f -a "show" -d 'One service; with --json, its whole description'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -f -a "check" -d 'Reads a description and tells every mistake in it, each with its line. Exits with 2 when there is any'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and not __fish_seen_subcommand_from list show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from help" -f -a "list" -d 'All services, and what each offers'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from help" -f -a "show" -d 'One service; with --json, its whole description'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from help" -f -a "check" -d 'Every mistake in a description, each with its line'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand provider; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -f -a "show" -d 'What this directory is bound to, and what its commands use'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -f -a "set-cloud" -d 'Bind this directory to a profile: the one that --profile names, else the usual one'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -f -a "set-local" -d 'Make this directory local: its commands need no credential and no network'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and not __fish_seen_subcommand_from show set-cloud set-local help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-cloud" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from set-local" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from help" -f -a "show" -d 'What this directory is bound to, and what its commands use'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from help" -f -a "set-cloud" -d 'Bind this directory to a profile: the one that --profile names, else the usual one'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from help" -f -a "set-local" -d 'Make this directory local: its commands need no credential and no network'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand project; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "path" -d 'Where the settings are'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "get" -d 'Show a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "set" -d 'Change a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "unset" -d 'Remove a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "set-api-url" -d 'Change the base URL of the profile\'s service'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "set-token" -d 'Store an API key, read from stdin or typed unseen'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and not __fish_seen_subcommand_from path get set unset set-api-url set-token help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-api-url" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l no-verify -d 'Store it without asking the service whether it accepts it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -l replace -d 'Replace a stored session of another server without asking'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from set-token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Where the settings are'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Remove a setting'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set-api-url" -d 'Change the base URL of the profile\'s service'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set-token" -d 'Store an API key, read from stdin or typed unseen'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -l offline -d 'Ask no server'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "serve" -d 'Answers on loopback. The account is demo@brainmaps.test with the password demo'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "faults" -d 'What `serve --fault` can make go wrong'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "conformance" -d 'Runs any client of the device flow against the sandbox, one case after another, and tells which rules of RFC 8628 and its neighbours it keeps. Exits with 1 when one is broken'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "approve" -d 'Decides about a sign-in that waits'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "deny" -d 'Decides about a sign-in that waits'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "reset" -d 'Which state'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "path" -d 'Where the state is'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and not __fish_seen_subcommand_from serve faults conformance approve deny reset path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l port -d 'The port; 0 for any free one' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l state -d 'Keep the state in this file' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l interval -d 'Seconds between two polls' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l access-ttl -d 'How long access tokens live' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l code-ttl -d 'How long device codes live' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fault -d 'Make something go wrong: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`, as `sandbox faults` lists them; may be repeated' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l memory -d 'Keep the state in memory alone'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l auto-approve -d 'Approve every sign-in at once'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l limit -d 'How long the client may take for one case' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l jobs -d 'How many cases run at once' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -l keep-home -d 'Let the client use your home directory'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from conformance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l state -d 'The file, where `sandbox serve` got one' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l state -d 'The file, where `sandbox serve` got one' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from deny" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l state -d 'The file, where `sandbox serve` got one' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Answer on a port of this machine, until Ctrl-C'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "faults" -d 'What `serve --fault` can make go wrong'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "conformance" -d 'Which rules of the device flow any client keeps'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Approve a sign-in, as its owner would on the page'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "deny" -d 'Deny a sign-in'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Forget every token, key and session of the sandbox'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "path" -d 'Where the state is'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -s p -l profile -d 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l api-url -d 'The service\'s base URL [env: the service\'s own, such as `BRAINMAPS_API_URL`]' -r
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l ca-cert -d 'Certificates of authorities (PEM) that are trusted besides the system\'s [env: `BRAINMAPS_CA_CERT`]' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l color -d 'When to use colour [env: `NO_COLOR`]' -r -f -a "auto\t'On a terminal'
always\t'Everywhere'
never\t'Nowhere'"
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l out -d 'Write one page a command into this directory' -r -F
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l sandbox -d 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l json -d 'Exactly one JSON document on stdout'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -l no-input -d 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -s q -l quiet -d 'Only results, warnings and errors'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -s v -l verbose -d 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "login" -d 'Sign in'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "logout" -d 'Sign out: at the server, then here'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "status" -d 'What is signed in, from which source, until when'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "whoami" -d 'The account behind the credential'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "account" -d 'The account itself'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "token" -d 'Make, list and revoke API tokens'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "credential" -d 'The credential in use: print, explain, renew it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "profile" -d 'Accounts'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "provider" -d 'Services: built in, or your own'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "project" -d 'Which account a directory uses, or none'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "config" -d 'Settings'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "doctor" -d 'What may be wrong on this computer, and what to do about it'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "sandbox" -d 'The stand-in for the services, on this machine'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "demo" -d 'The whole job on the sandbox, told step by step; no account and no network needed'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "completions" -d 'The completion script for a shell'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "man" -d 'The manual pages'
complete -c brainmaps -n "__fish_brainmaps_using_subcommand help; and not __fish_seen_subcommand_from login logout status whoami account token credential profile provider project config doctor sandbox demo completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
