# The command lines in the EXAMPLES of a man page, one block a file:
#	awk -v to=PREFIX -f examples.awk PAGE	writes PREFIX1.sh, PREFIX2.sh ...
# A block is what stands between .Bd -literal and .Ed, or one .Dl line.  A
# leading "$ " is left out; a block that begins with "# " is for root and a
# live interface, and goes to PREFIX1.root.sh.
function plain(s) {
	gsub(/\\\(aq/, "'", s)
	gsub(/\\\(dq/, "\"", s)
	gsub(/\\-/, "-", s)
	gsub(/\\&/, "", s)
	gsub(/\\e/, "\\", s)
	return s
}
function begin() {
	n++
	file = ""
}
function put(s) {
	if (file == "")
		file = to n (s ~ /^# / ? ".root.sh" : ".sh")
	sub(/^[$#] /, "", s)
	print plain(s) > file
}
/^\.Sh/ { on = /EXAMPLES/; next }
!on { next }
/^\.Bd -literal/ { begin(); inside = 1; next }
/^\.Ed/ { inside = 0; next }
inside { put($0); next }
/^\.Dl/ {
	line = substr($0, 5)
	while (line ~ /\\$/ && (getline more) > 0)
		line = substr(line, 1, length(line) - 1) more
	begin()
	put(line)
}
