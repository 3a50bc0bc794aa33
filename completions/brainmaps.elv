
use builtin;
use str;

set edit:completion:arg-completer[brainmaps] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'brainmaps'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'brainmaps'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --visual 'Look after tokens and sessions on the whole terminal; takes no command'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'Signs in and stores the result, so that every later command has a credential'
            cand logout 'Ends the session at the server, refresh token first, then deletes what is stored here. Both facts are told'
            cand status 'Shows what is signed in, from which source, until when. Exits with 4 when there is nothing that works'
            cand whoami 'The account behind the credential'
            cand account 'The account itself'
            cand token 'API tokens: the long-lived credentials of programs'
            cand credential 'The credential in use'
            cand profile 'Accounts. One comes with every service; more can be added'
            cand provider 'Services: what is built in, and what you described yourself'
            cand project 'Which account the commands in a directory use, or that they need none'
            cand config 'Settings, kept in `config.toml`'
            cand doctor 'Looks for what may be wrong on this computer, and says what to do about it. Changes nothing and sends no credential'
            cand sandbox 'A local stand-in for the services: same calls, same rules, invented data. For trying things out and for tests'
            cand demo 'Shows the whole job on a stand-in for the service inside this program, and checks every step of it'
            cand completions 'Prints the completion script for a shell'
            cand man 'Prints the manual page, or writes one page a command into a directory'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;login'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --import 'Take over the session that the service''s own client keeps on this machine, in FILE or where the service''s description says'
            cand --username 'The name or e-mail that goes with the password'
            cand --issuer 'The OAuth2 authorization server'
            cand --client-id 'The public client to sign in as'
            cand --scope 'What to ask for; may be repeated'
            cand --storage 'Where to keep the credential [default: file]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --device 'Approve in a browser, on this device or another'
            cand --password 'With a name and a password, typed unseen'
            cand --with-token 'Store an API key, read from stdin or typed unseen'
            cand --with-cookie 'Store the cookie of a web session, read from stdin or typed unseen'
            cand --password-stdin 'Read the password from stdin'
            cand --no-browser 'Do not open a browser'
            cand --qr 'Show the page''s address as a QR code'
            cand --no-verify 'Store a key or a cookie without asking the service whether it accepts it'
            cand --replace 'Replace a stored session of another server without asking'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;logout'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --all 'Every profile that is signed in'
            cand --local 'Only here: the server is not asked, and the session lives on there'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;status'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --check 'Ask the server, too'
            cand --all 'Every profile that has something'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;whoami'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;account'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand resend-verification 'Have the e-mail that verifies your address sent again'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;account;resend-verification'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;account;help'= {
            cand resend-verification 'Have the e-mail that verifies your address sent again'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;account;help;resend-verification'= {
        }
        &'brainmaps;account;help;help'= {
        }
        &'brainmaps;token'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand create 'Makes an API token. Its secret is shown this once, or goes straight into an env file'
            cand list 'Lists API tokens: one page, unless more is asked for'
            cand get 'Shows one API token'
            cand update 'Switches one API token on or off. What is switched off can be switched on again'
            cand inspect 'Reads a token and tells what it is, without any network: which service it belongs to, whether it is well formed, and what a JWT says of itself, which nobody has verified. The token itself is not shown'
            cand revoke 'Revokes API tokens. The services reject a revoked token at once; it cannot be brought back. Several ids are revoked 8 at a time'
            cand rotate 'Creates a token with the same name, permissions, scopes and lifetime, verifies it with a request, puts it where the old one is used, and then revokes the old one. Fails before anything is sent where the service cannot create such a token, unless --accept-changes names what may become wider. Interrupted at any point, it leaves a key that works; run it again to finish or undo it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;token;create'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --permission 'What it may do; may be repeated'
            cand --scope 'On what it may do it; may be repeated'
            cand --expires-in 'How long it lives: 90d, 2w'
            cand --space 'One of a space, by its id'
            cand --env-file 'Write the secret to this env file instead of showing it'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --permanent 'Those that live until they are revoked'
            cand --temporary 'Those that end by themselves'
            cand --force 'Replace a key that is in the env file already; the old key still works'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;list'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --limit 'At most this many'
            cand --offset 'Leave out this many at the beginning'
            cand --expires-within 'Only those that end within this time: 14d'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --permanent 'Those that live until they are revoked'
            cand --temporary 'Those that end by themselves'
            cand --all 'Every page'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;get'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --with-token 'The one with this key, read from stdin or typed unseen; it is looked for in the list, and not sent'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;update'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --active 'It works'
            cand --inactive 'It is refused'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;inspect'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;revoke'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --permanent 'Those that live until they are revoked'
            cand --temporary 'Those that end by themselves'
            cand --all 'All there are, the one in use too'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --dry-run 'Say what would be revoked, and do nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;rotate'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --env-file 'The token is used from this file; left out, it is the profile''s stored key'
            cand --accept-changes 'Facts of the token that may become wider, separated by commas; may be repeated'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;token;help'= {
            cand create 'Make one; its secret is shown once'
            cand list 'List them'
            cand get 'Show one'
            cand update 'Switch one on or off'
            cand inspect 'What a token is, told offline from its form'
            cand revoke 'End one, several, or all of a kind, at once and for good'
            cand rotate 'Replace an API token with a new one where it is used, and revoke the old one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;token;help;create'= {
        }
        &'brainmaps;token;help;list'= {
        }
        &'brainmaps;token;help;get'= {
        }
        &'brainmaps;token;help;update'= {
        }
        &'brainmaps;token;help;inspect'= {
        }
        &'brainmaps;token;help;revoke'= {
        }
        &'brainmaps;token;help;rotate'= {
        }
        &'brainmaps;token;help;help'= {
        }
        &'brainmaps;credential'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand print 'Prints the credential in use to stdout, and nothing else. It is renewed first when it ends soon'
            cand explain 'Every source looked at, in order, which one won and why'
            cand refresh 'Renews the session when it ends soon; with --force, in any case'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;credential;print'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --min-ttl 'Renew it unless it lives at least this long: 90s, 5m, 2h, 1d'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --header 'As the header that the service wants'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;credential;explain'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;credential;refresh'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --force 'Also when it is still fresh'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;credential;help'= {
            cand print 'Print it, renewed when it must be'
            cand explain 'Every source looked at, in order, which one won and why'
            cand refresh 'Renew it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;credential;help;print'= {
        }
        &'brainmaps;credential;help;explain'= {
        }
        &'brainmaps;credential;help;refresh'= {
        }
        &'brainmaps;credential;help;help'= {
        }
        &'brainmaps;profile'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'All profiles'
            cand show 'One profile'
            cand add 'Adds a profile'
            cand use 'Use it when none is named'
            cand remove 'Forget one that is signed out'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;profile;list'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;profile;show'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;profile;add'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --provider 'Its service'
            cand --issuer 'The OAuth2 authorization server, where it is not the service''s usual one'
            cand --client-id 'The public client, where it is not the service''s usual one'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;profile;use'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;profile;remove'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;profile;help'= {
            cand list 'All profiles'
            cand show 'One profile'
            cand add 'Add one'
            cand use 'Use it when none is named'
            cand remove 'Forget one that is signed out'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;profile;help;list'= {
        }
        &'brainmaps;profile;help;show'= {
        }
        &'brainmaps;profile;help;add'= {
        }
        &'brainmaps;profile;help;use'= {
        }
        &'brainmaps;profile;help;remove'= {
        }
        &'brainmaps;profile;help;help'= {
        }
        &'brainmaps;provider'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'All services, and what each offers'
            cand show 'One service; with --json, its whole description'
            cand check 'Reads a description and tells every mistake in it, each with its line. Exits with 2 when there is any'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;provider;list'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;provider;show'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;provider;check'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;provider;help'= {
            cand list 'All services, and what each offers'
            cand show 'One service; with --json, its whole description'
            cand check 'Every mistake in a description, each with its line'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;provider;help;list'= {
        }
        &'brainmaps;provider;help;show'= {
        }
        &'brainmaps;provider;help;check'= {
        }
        &'brainmaps;provider;help;help'= {
        }
        &'brainmaps;project'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'What this directory is bound to, and what its commands use'
            cand set-cloud 'Bind this directory to a profile: the one that --profile names, else the usual one'
            cand set-local 'Make this directory local: its commands need no credential and no network'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;project;show'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;project;set-cloud'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;project;set-local'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;project;help'= {
            cand show 'What this directory is bound to, and what its commands use'
            cand set-cloud 'Bind this directory to a profile: the one that --profile names, else the usual one'
            cand set-local 'Make this directory local: its commands need no credential and no network'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;project;help;show'= {
        }
        &'brainmaps;project;help;set-cloud'= {
        }
        &'brainmaps;project;help;set-local'= {
        }
        &'brainmaps;project;help;help'= {
        }
        &'brainmaps;config'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand path 'Where the settings are'
            cand get 'Show a setting'
            cand set 'Change a setting'
            cand unset 'Remove a setting'
            cand set-api-url 'Change the base URL of the profile''s service'
            cand set-token 'Store an API key, read from stdin or typed unseen'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;config;path'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;get'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;set'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;unset'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;set-api-url'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;set-token'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --no-verify 'Store it without asking the service whether it accepts it'
            cand --replace 'Replace a stored session of another server without asking'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;config;help'= {
            cand path 'Where the settings are'
            cand get 'Show a setting'
            cand set 'Change a setting'
            cand unset 'Remove a setting'
            cand set-api-url 'Change the base URL of the profile''s service'
            cand set-token 'Store an API key, read from stdin or typed unseen'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;config;help;path'= {
        }
        &'brainmaps;config;help;get'= {
        }
        &'brainmaps;config;help;set'= {
        }
        &'brainmaps;config;help;unset'= {
        }
        &'brainmaps;config;help;set-api-url'= {
        }
        &'brainmaps;config;help;set-token'= {
        }
        &'brainmaps;config;help;help'= {
        }
        &'brainmaps;doctor'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --offline 'Ask no server'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand serve 'Answers on loopback. The account is demo@brainmaps.test with the password demo'
            cand faults 'What `serve --fault` can make go wrong'
            cand conformance 'Runs any client of the device flow against the sandbox, one case after another, and tells which rules of RFC 8628 and its neighbours it keeps. Exits with 1 when one is broken'
            cand approve 'Decides about a sign-in that waits'
            cand deny 'Decides about a sign-in that waits'
            cand reset 'Which state'
            cand path 'Where the state is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;sandbox;serve'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --port 'The port; 0 for any free one'
            cand --state 'Keep the state in this file'
            cand --interval 'Seconds between two polls'
            cand --access-ttl 'How long access tokens live'
            cand --code-ttl 'How long device codes live'
            cand --fault 'Make something go wrong: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`, as `sandbox faults` lists them; may be repeated'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --memory 'Keep the state in memory alone'
            cand --auto-approve 'Approve every sign-in at once'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;faults'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;conformance'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --limit 'How long the client may take for one case'
            cand --jobs 'How many cases run at once'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --keep-home 'Let the client use your home directory'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;approve'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --state 'The file, where `sandbox serve` got one'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;deny'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --state 'The file, where `sandbox serve` got one'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;reset'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --state 'The file, where `sandbox serve` got one'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;path'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;sandbox;help'= {
            cand serve 'Answer on a port of this machine, until Ctrl-C'
            cand faults 'What `serve --fault` can make go wrong'
            cand conformance 'Which rules of the device flow any client keeps'
            cand approve 'Approve a sign-in, as its owner would on the page'
            cand deny 'Deny a sign-in'
            cand reset 'Forget every token, key and session of the sandbox'
            cand path 'Where the state is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;sandbox;help;serve'= {
        }
        &'brainmaps;sandbox;help;faults'= {
        }
        &'brainmaps;sandbox;help;conformance'= {
        }
        &'brainmaps;sandbox;help;approve'= {
        }
        &'brainmaps;sandbox;help;deny'= {
        }
        &'brainmaps;sandbox;help;reset'= {
        }
        &'brainmaps;sandbox;help;path'= {
        }
        &'brainmaps;sandbox;help;help'= {
        }
        &'brainmaps;demo'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;completions'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;man'= {
            cand -p 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --profile 'Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]'
            cand --api-url 'The service''s base URL [env: the service''s own, such as `BRAINMAPS_API_URL`]'
            cand --ca-cert 'Certificates of authorities (PEM) that are trusted besides the system''s [env: `BRAINMAPS_CA_CERT`]'
            cand --color 'When to use colour [env: `NO_COLOR`]'
            cand --out 'Write one page a command into this directory'
            cand --sandbox 'Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]'
            cand --json 'Exactly one JSON document on stdout'
            cand --no-input 'Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]'
            cand -q 'Only results, warnings and errors'
            cand --quiet 'Only results, warnings and errors'
            cand -v 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand --verbose 'Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'brainmaps;help'= {
            cand login 'Sign in'
            cand logout 'Sign out: at the server, then here'
            cand status 'What is signed in, from which source, until when'
            cand whoami 'The account behind the credential'
            cand account 'The account itself'
            cand token 'Make, list and revoke API tokens'
            cand credential 'The credential in use: print, explain, renew it'
            cand profile 'Accounts'
            cand provider 'Services: built in, or your own'
            cand project 'Which account a directory uses, or none'
            cand config 'Settings'
            cand doctor 'What may be wrong on this computer, and what to do about it'
            cand sandbox 'The stand-in for the services, on this machine'
            cand demo 'The whole job on the sandbox, told step by step; no account and no network needed'
            cand completions 'The completion script for a shell'
            cand man 'The manual pages'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'brainmaps;help;login'= {
        }
        &'brainmaps;help;logout'= {
        }
        &'brainmaps;help;status'= {
        }
        &'brainmaps;help;whoami'= {
        }
        &'brainmaps;help;account'= {
        }
        &'brainmaps;help;token'= {
        }
        &'brainmaps;help;credential'= {
        }
        &'brainmaps;help;profile'= {
        }
        &'brainmaps;help;provider'= {
        }
        &'brainmaps;help;project'= {
        }
        &'brainmaps;help;config'= {
        }
        &'brainmaps;help;doctor'= {
        }
        &'brainmaps;help;sandbox'= {
        }
        &'brainmaps;help;demo'= {
        }
        &'brainmaps;help;completions'= {
        }
        &'brainmaps;help;man'= {
        }
        &'brainmaps;help;help'= {
        }
    ]
    $completions[$command]
}
