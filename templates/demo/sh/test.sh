# Every *.test.sh beside this file, as one report that any TAP reader understands.
number=0
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@"; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}
refuses() { ! allows "$@"; }
echo "TAP version 13"
for suite in ./*.test.sh; do . "$suite"; done
echo "1..$number"
