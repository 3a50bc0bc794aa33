
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'brainmaps' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'brainmaps'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'brainmaps' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--visual', '--visual', [CompletionResultType]::ParameterName, 'Look after tokens and sessions on the whole terminal; takes no command')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Signs in and stores the result, so that every later command has a credential')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Ends the session at the server, refresh token first, then deletes what is stored here. Both facts are told')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what is signed in, from which source, until when. Exits with 4 when there is nothing that works')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'The account behind the credential')
            [CompletionResult]::new('account', 'account', [CompletionResultType]::ParameterValue, 'The account itself')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'API tokens: the long-lived credentials of programs')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'The credential in use')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Accounts. One comes with every service; more can be added')
            [CompletionResult]::new('provider', 'provider', [CompletionResultType]::ParameterValue, 'Services: what is built in, and what you described yourself')
            [CompletionResult]::new('project', 'project', [CompletionResultType]::ParameterValue, 'Which account the commands in a directory use, or that they need none')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Settings, kept in `config.toml`')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Looks for what may be wrong on this computer, and says what to do about it. Changes nothing and sends no credential')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'A local stand-in for the services: same calls, same rules, invented data. For trying things out and for tests')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Shows the whole job on a stand-in for the service inside this program, and checks every step of it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Prints the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Prints the manual page, or writes one page a command into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;login' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--import', '--import', [CompletionResultType]::ParameterName, 'Take over the session that the service''s own client keeps on this machine, in FILE or where the service''s description says')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The name or e-mail that goes with the password')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'The OAuth2 authorization server')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The public client to sign in as')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'What to ask for; may be repeated')
            [CompletionResult]::new('--storage', '--storage', [CompletionResultType]::ParameterName, 'Where to keep the credential [default: file]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Approve in a browser, on this device or another')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'With a name and a password, typed unseen')
            [CompletionResult]::new('--with-token', '--with-token', [CompletionResultType]::ParameterName, 'Store an API key, read from stdin or typed unseen')
            [CompletionResult]::new('--with-cookie', '--with-cookie', [CompletionResultType]::ParameterName, 'Store the cookie of a web session, read from stdin or typed unseen')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from stdin')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Do not open a browser')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Show the page''s address as a QR code')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Store a key or a cookie without asking the service whether it accepts it')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Replace a stored session of another server without asking')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;logout' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every profile that is signed in')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Only here: the server is not asked, and the session lives on there')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;status' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask the server, too')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every profile that has something')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;whoami' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;account' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('resend-verification', 'resend-verification', [CompletionResultType]::ParameterValue, 'Have the e-mail that verifies your address sent again')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;account;resend-verification' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;account;help' {
            [CompletionResult]::new('resend-verification', 'resend-verification', [CompletionResultType]::ParameterValue, 'Have the e-mail that verifies your address sent again')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;account;help;resend-verification' {
            break
        }
        'brainmaps;account;help;help' {
            break
        }
        'brainmaps;token' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Makes an API token. Its secret is shown this once, or goes straight into an env file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists API tokens: one page, unless more is asked for')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Shows one API token')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Switches one API token on or off. What is switched off can be switched on again')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Reads a token and tells what it is, without any network: which service it belongs to, whether it is well formed, and what a JWT says of itself, which nobody has verified. The token itself is not shown')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revokes API tokens. The services reject a revoked token at once; it cannot be brought back. Several ids are revoked 8 at a time')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Creates a token with the same name, permissions, scopes and lifetime, verifies it with a request, puts it where the old one is used, and then revokes the old one. Fails before anything is sent where the service cannot create such a token, unless --accept-changes names what may become wider. Interrupted at any point, it leaves a key that works; run it again to finish or undo it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;token;create' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--permission', '--permission', [CompletionResultType]::ParameterName, 'What it may do; may be repeated')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'On what it may do it; may be repeated')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'How long it lives: 90d, 2w')
            [CompletionResult]::new('--space', '--space', [CompletionResultType]::ParameterName, 'One of a space, by its id')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'Write the secret to this env file instead of showing it')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--permanent', '--permanent', [CompletionResultType]::ParameterName, 'Those that live until they are revoked')
            [CompletionResult]::new('--temporary', '--temporary', [CompletionResultType]::ParameterName, 'Those that end by themselves')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a key that is in the env file already; the old key still works')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;list' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most this many')
            [CompletionResult]::new('--offset', '--offset', [CompletionResultType]::ParameterName, 'Leave out this many at the beginning')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Only those that end within this time: 14d')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--permanent', '--permanent', [CompletionResultType]::ParameterName, 'Those that live until they are revoked')
            [CompletionResult]::new('--temporary', '--temporary', [CompletionResultType]::ParameterName, 'Those that end by themselves')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every page')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;get' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--with-token', '--with-token', [CompletionResultType]::ParameterName, 'The one with this key, read from stdin or typed unseen; it is looked for in the list, and not sent')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;update' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'It works')
            [CompletionResult]::new('--inactive', '--inactive', [CompletionResultType]::ParameterName, 'It is refused')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;inspect' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;revoke' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--permanent', '--permanent', [CompletionResultType]::ParameterName, 'Those that live until they are revoked')
            [CompletionResult]::new('--temporary', '--temporary', [CompletionResultType]::ParameterName, 'Those that end by themselves')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All there are, the one in use too')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be revoked, and do nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;rotate' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The token is used from this file; left out, it is the profile''s stored key')
            [CompletionResult]::new('--accept-changes', '--accept-changes', [CompletionResultType]::ParameterName, 'Facts of the token that may become wider, separated by commas; may be repeated')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;token;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make one; its secret is shown once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show one')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Switch one on or off')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What a token is, told offline from its form')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End one, several, or all of a kind, at once and for good')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace an API token with a new one where it is used, and revoke the old one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;token;help;create' {
            break
        }
        'brainmaps;token;help;list' {
            break
        }
        'brainmaps;token;help;get' {
            break
        }
        'brainmaps;token;help;update' {
            break
        }
        'brainmaps;token;help;inspect' {
            break
        }
        'brainmaps;token;help;revoke' {
            break
        }
        'brainmaps;token;help;rotate' {
            break
        }
        'brainmaps;token;help;help' {
            break
        }
        'brainmaps;credential' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('print', 'print', [CompletionResultType]::ParameterValue, 'Prints the credential in use to stdout, and nothing else. It is renewed first when it ends soon')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Every source looked at, in order, which one won and why')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Renews the session when it ends soon; with --force, in any case')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;credential;print' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew it unless it lives at least this long: 90s, 5m, 2h, 1d')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'As the header that the service wants')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;credential;explain' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;credential;refresh' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Also when it is still fresh')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;credential;help' {
            [CompletionResult]::new('print', 'print', [CompletionResultType]::ParameterValue, 'Print it, renewed when it must be')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Every source looked at, in order, which one won and why')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Renew it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;credential;help;print' {
            break
        }
        'brainmaps;credential;help;explain' {
            break
        }
        'brainmaps;credential;help;refresh' {
            break
        }
        'brainmaps;credential;help;help' {
            break
        }
        'brainmaps;profile' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One profile')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Adds a profile')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use it when none is named')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget one that is signed out')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;profile;list' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;profile;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;profile;add' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Its service')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'The OAuth2 authorization server, where it is not the service''s usual one')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The public client, where it is not the service''s usual one')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;profile;use' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;profile;remove' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;profile;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One profile')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add one')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use it when none is named')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget one that is signed out')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;profile;help;list' {
            break
        }
        'brainmaps;profile;help;show' {
            break
        }
        'brainmaps;profile;help;add' {
            break
        }
        'brainmaps;profile;help;use' {
            break
        }
        'brainmaps;profile;help;remove' {
            break
        }
        'brainmaps;profile;help;help' {
            break
        }
        'brainmaps;provider' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All services, and what each offers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One service; with --json, its whole description')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Reads a description and tells every mistake in it, each with its line. Exits with 2 when there is any')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;provider;list' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;provider;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;provider;check' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;provider;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All services, and what each offers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'One service; with --json, its whole description')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Every mistake in a description, each with its line')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;provider;help;list' {
            break
        }
        'brainmaps;provider;help;show' {
            break
        }
        'brainmaps;provider;help;check' {
            break
        }
        'brainmaps;provider;help;help' {
            break
        }
        'brainmaps;project' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What this directory is bound to, and what its commands use')
            [CompletionResult]::new('set-cloud', 'set-cloud', [CompletionResultType]::ParameterValue, 'Bind this directory to a profile: the one that --profile names, else the usual one')
            [CompletionResult]::new('set-local', 'set-local', [CompletionResultType]::ParameterValue, 'Make this directory local: its commands need no credential and no network')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;project;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;project;set-cloud' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;project;set-local' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;project;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'What this directory is bound to, and what its commands use')
            [CompletionResult]::new('set-cloud', 'set-cloud', [CompletionResultType]::ParameterValue, 'Bind this directory to a profile: the one that --profile names, else the usual one')
            [CompletionResult]::new('set-local', 'set-local', [CompletionResultType]::ParameterValue, 'Make this directory local: its commands need no credential and no network')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;project;help;show' {
            break
        }
        'brainmaps;project;help;set-cloud' {
            break
        }
        'brainmaps;project;help;set-local' {
            break
        }
        'brainmaps;project;help;help' {
            break
        }
        'brainmaps;config' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Where the settings are')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show a setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change a setting')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove a setting')
            [CompletionResult]::new('set-api-url', 'set-api-url', [CompletionResultType]::ParameterValue, 'Change the base URL of the profile''s service')
            [CompletionResult]::new('set-token', 'set-token', [CompletionResultType]::ParameterValue, 'Store an API key, read from stdin or typed unseen')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;config;path' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;get' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;set' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;unset' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;set-api-url' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;set-token' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Store it without asking the service whether it accepts it')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Replace a stored session of another server without asking')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;config;help' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Where the settings are')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Show a setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change a setting')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Remove a setting')
            [CompletionResult]::new('set-api-url', 'set-api-url', [CompletionResultType]::ParameterValue, 'Change the base URL of the profile''s service')
            [CompletionResult]::new('set-token', 'set-token', [CompletionResultType]::ParameterValue, 'Store an API key, read from stdin or typed unseen')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;config;help;path' {
            break
        }
        'brainmaps;config;help;get' {
            break
        }
        'brainmaps;config;help;set' {
            break
        }
        'brainmaps;config;help;unset' {
            break
        }
        'brainmaps;config;help;set-api-url' {
            break
        }
        'brainmaps;config;help;set-token' {
            break
        }
        'brainmaps;config;help;help' {
            break
        }
        'brainmaps;doctor' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answers on loopback. The account is demo@brainmaps.test with the password demo')
            [CompletionResult]::new('faults', 'faults', [CompletionResultType]::ParameterValue, 'What `serve --fault` can make go wrong')
            [CompletionResult]::new('conformance', 'conformance', [CompletionResultType]::ParameterValue, 'Runs any client of the device flow against the sandbox, one case after another, and tells which rules of RFC 8628 and its neighbours it keeps. Exits with 1 when one is broken')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Decides about a sign-in that waits')
            [CompletionResult]::new('deny', 'deny', [CompletionResultType]::ParameterValue, 'Decides about a sign-in that waits')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Which state')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Where the state is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;sandbox;serve' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port; 0 for any free one')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Seconds between two polls')
            [CompletionResult]::new('--access-ttl', '--access-ttl', [CompletionResultType]::ParameterName, 'How long access tokens live')
            [CompletionResult]::new('--code-ttl', '--code-ttl', [CompletionResultType]::ParameterName, 'How long device codes live')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Make something go wrong: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`, as `sandbox faults` lists them; may be repeated')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--memory', '--memory', [CompletionResultType]::ParameterName, 'Keep the state in memory alone')
            [CompletionResult]::new('--auto-approve', '--auto-approve', [CompletionResultType]::ParameterName, 'Approve every sign-in at once')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;faults' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;conformance' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'How long the client may take for one case')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many cases run at once')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--keep-home', '--keep-home', [CompletionResultType]::ParameterName, 'Let the client use your home directory')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;approve' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The file, where `sandbox serve` got one')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;deny' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The file, where `sandbox serve` got one')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;reset' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The file, where `sandbox serve` got one')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;path' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;sandbox;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer on a port of this machine, until Ctrl-C')
            [CompletionResult]::new('faults', 'faults', [CompletionResultType]::ParameterValue, 'What `serve --fault` can make go wrong')
            [CompletionResult]::new('conformance', 'conformance', [CompletionResultType]::ParameterValue, 'Which rules of the device flow any client keeps')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Approve a sign-in, as its owner would on the page')
            [CompletionResult]::new('deny', 'deny', [CompletionResultType]::ParameterValue, 'Deny a sign-in')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Forget every token, key and session of the sandbox')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Where the state is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;sandbox;help;serve' {
            break
        }
        'brainmaps;sandbox;help;faults' {
            break
        }
        'brainmaps;sandbox;help;conformance' {
            break
        }
        'brainmaps;sandbox;help;approve' {
            break
        }
        'brainmaps;sandbox;help;deny' {
            break
        }
        'brainmaps;sandbox;help;reset' {
            break
        }
        'brainmaps;sandbox;help;path' {
            break
        }
        'brainmaps;sandbox;help;help' {
            break
        }
        'brainmaps;demo' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;completions' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;man' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]')
            [CompletionResult]::new('--api-url', '--api-url', [CompletionResultType]::ParameterName, 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour [env: `NO_COLOR`]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write one page a command into this directory')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Exactly one JSON document on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Only results, warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'brainmaps;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Sign out: at the server, then here')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'What is signed in, from which source, until when')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'The account behind the credential')
            [CompletionResult]::new('account', 'account', [CompletionResultType]::ParameterValue, 'The account itself')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Make, list and revoke API tokens')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'The credential in use: print, explain, renew it')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Accounts')
            [CompletionResult]::new('provider', 'provider', [CompletionResultType]::ParameterValue, 'Services: built in, or your own')
            [CompletionResult]::new('project', 'project', [CompletionResultType]::ParameterValue, 'Which account a directory uses, or none')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Settings')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'What may be wrong on this computer, and what to do about it')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'The stand-in for the services, on this machine')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'The whole job on the sandbox, told step by step; no account and no network needed')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'The completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'brainmaps;help;login' {
            break
        }
        'brainmaps;help;logout' {
            break
        }
        'brainmaps;help;status' {
            break
        }
        'brainmaps;help;whoami' {
            break
        }
        'brainmaps;help;account' {
            break
        }
        'brainmaps;help;token' {
            break
        }
        'brainmaps;help;credential' {
            break
        }
        'brainmaps;help;profile' {
            break
        }
        'brainmaps;help;provider' {
            break
        }
        'brainmaps;help;project' {
            break
        }
        'brainmaps;help;config' {
            break
        }
        'brainmaps;help;doctor' {
            break
        }
        'brainmaps;help;sandbox' {
            break
        }
        'brainmaps;help;demo' {
            break
        }
        'brainmaps;help;completions' {
            break
        }
        'brainmaps;help;man' {
            break
        }
        'brainmaps;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
