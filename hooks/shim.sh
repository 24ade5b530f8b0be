#!/bin/sh
# mastery hook @HOOK@, shim version 2: written by `mastery hook install`, taken away by `mastery hook uninstall`.
# It finds the binary where it was at the installation, else on PATH, and hands over; all else is in the binary.
# Where pre-commit saw that nothing is left to ask here, it left a word for the hooks of the same git process.
{ read -r word <"${GIT_DIR:-.git}/mastery/settled" && [ "$word" = "@HOOK@ $PPID" ]; } 2>/dev/null && exit 0
binary=@BINARY@
MASTERY_INSTALL_PATH=@PATH@
export MASTERY_INSTALL_PATH
{ [ -f "$binary" ] && [ -x "$binary" ]; } || binary=$(command -v mastery) || {
    echo "mastery: stopped: the @HOOK@ hook can't find the mastery binary, neither at" @BINARY@ "nor on PATH" >&2
    echo "mastery: to repair it, install mastery again, then run: mastery hook install" >&2
    echo "mastery: to pass it once, add --no-verify to the git command; to be rid of it, remove $0" >&2
    exit 1
}
exec "$binary" hook run --shim "$0" @HOOK@ "$@"
