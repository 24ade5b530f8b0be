#!/bin/sh
# mastery hook @HOOK@, shim version 1: written by `mastery hook install`, taken away by `mastery hook uninstall`.
# It finds the binary where it was at the installation, else on PATH, and hands over; all else is in the binary.
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
