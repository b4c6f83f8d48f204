package terminal

// What --json prints, for whoever writes scripts. A test holds these words
// against what is really printed. The lines that begin with four spaces are
// names, a comma between them, and after two spaces what they say.

const testContract = `With --json it prints a list with one object for each connection, in the order in
which they are tested. The members never change their meaning; a later Entrada
may add some. Of each connection:

    name, id                        empty for values that are not saved
    ok                              whether all that was tried works, the
                                    secret among it
    headline                        the verdict in a few words
    culprit                         "" if all is well, or what is to blame
    tested                          when, RFC 3339 in UTC
    vendor, tenant_id, client_id    whom it is about
    signed_in_as                    who signed in, if somebody did
    mailbox                         which was tried, if not that person's
    checks                          what was tried, one after the other
    cause                           why it failed; not there if it did not

A culprit is one of this-computer, network, microsoft, organisation,
organisation-policy, app-registration, consent, secret, account, mailbox, vendor
and nobody.

Of each check:

    id, title                       which one it is
    state                           passed, failed, skipped or not-asked
    detail                          what was found, or what went wrong
    code                            Microsoft's code or Entrada's own, or ""
    took_ms                         how long it took

Of a cause, where it is known:

    what, why                       what happened, and why
    who, next, next_url             who can fix it, and the next thing to do
    where                           the culprit in words
    code, message                   as Microsoft said it
    correlation_id, request_id      for Microsoft's support: Entra's ID, Graph's ID
    trace_id, when                  for Microsoft's support as well`

const listContract = `With --json it prints a list with one object for each connection. The members
never change their meaning; a later Entrada may add some:

    id, name, client_id             the connection and its app
    vendor_id, vendor               who it is for
    cloud, tenant_id                where it is
    tenant_domain                   its domain, for people
    state                           ok, expires-soon, test-failed,
                                    secret-missing or expired
    attention                       whether somebody has to look at it
    secret_expires, days_left       not there if the end is not known
    expiry_as_typed                 the registration was not asked for the end
    last_tested, last_result        the last whole test: ok or failed
    last_headline                   its verdict in a few words
    partly_tested, partly_result    what passed since then and went less far:
                                    reached (nobody signed in) or looked
                                    (sending and creating were not tried)`

const settingsContract = `The file of the format json, *.settings.json, is one object. Its members never
change their meaning, and whoever reads it refuses a version and members that it
does not know:

    format, version                 "entrada-settings" and 1
    created, app                    when it was written, RFC 3339 in UTC, by what
    contents                        a list of what is in it: settings
    vendor                          an object with id and name
    fields                          the vendor's labels with the values, in the
                                    vendor's order
    notes                           remarks, by label
    secrets_sent_separately         the labels whose values are not in this file
    tenant_id, tenant_domain        the organisation
    client_id, cloud                the app, and where it is
    authority_url, token_url        Microsoft's addresses for this organisation
    permissions                     a list of objects with name, kind, reason and
                                    granted: whether a test has proven it
    secret_expires                  RFC 3339 in UTC; not there if it is not known
    secret_fingerprint              the first eight hexadecimal digits of the
                                    secret's SHA-256
    extra                           whatever else, by name

In the encrypted file, *.settings.age, lies the same object. Its fields hold the
secrets, its contents are settings, secrets, env and appsettings, and it has

    secret_fields                   the labels of the fields that are secret
    client_secret                   the secret
    env, appsettings                the texts of a .env file and of an
                                    appsettings.json, with the secret in them`

const renewContract = `With --json it prints one object. The members never change their meaning; a
later Entrada may add some:

    name, id                        the connection
    outcome                         renewed, old-removed, old-left, failed or
                                    unchanged
    secret_id, secret_expires       the secret that is saved here now
    old_secret_id                   the one that is replaced, or ""
    old_removed                     whether that one is removed
    code, cause                     why it failed; not there if it did not`
