#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tcpflow: the classic command line, as one pipeline of flowpipe's programs.
#
# POSIX sh, no program needed but flow-run (and readlink, if this file was
# reached through a symbolic link; mkdir, if the output directory is new), and
# not even /dev/null, which a boot image may lack.
# Nothing that comes from outside is ever read as shell code: the options
# become settings, the settings a plan of words that this script made up
# (plan_*), and the plan a command that names the variables with the values
# from outside (compose).  The captures, of which there may be thousands, are
# in variables of their own: kept_1 and so on; `kept` lists them as rN (-r), RN
# (-R), and wN for a word that is no option.

set +eu -f
unset CDPATH
IFS=' 	
'
newline='
'

# ---- settings ----

alert_http='' alert_tcp='' buffer_size='' buffer_timeout='' chroot=''
cmd_http='' cmd_tcp='' colour='' confine='' console='' debug=1
descriptors='' fcs='' findx='' form_hex='' form_json='' help=0
idle='' in_order='' interface='' interface_given='' kept='' left_out=''
letters=''
limit='' list_scanners='' lock='' md5='' no_header='' no_newline=''
no_promiscuous='' no_purge='' http='' number_kept=0 original='' outdir='.'
overlap=''
packets='' pcaps='' pipeline='' progress='' quiet='' report='' report_on=yes
scanner_http='' scanner_md5='' seconds='' skip='' snaplen='' store=yes
strip='' strip_off='' tcpdemux=yes tdelta='' template='' template_given=''
unprocessed='' user='' verbose='' version='' words_are_files=''

# ---- messages ----

say()
{
	printf 'tcpflow: %s\n' "$1" >&2
}

fail()
{
	say "$1"
	exit 1
}

bad_usage()
{
	say "$1"
	exit 2
}

bad_option()
{
	say "$1"
	usage >&2
	exit 2
}

usage()
{
	cat_here <<'END'
usage: tcpflow [-aBcCDgIJKlPpqsvZ0] [-b max_bytes] [-d debug_level]
           [-e | -E | -x scanner] [-F letters] [-f max_files] [-i interface]
           [-L lock] [-m max_skip] [-o directory] [-R file] [-r file]
           [-S name=value] [-T template] [-U user[:group]] [-w file]
           [-X report] [-z directory] [--buffer-size bytes] [--in-order]
           [--no-confine] [--no-progress] [--overlap which] [--packets n]
           [--pipeline] [--progress] [--seconds n] [--snaplen n]
           [expression]
       tcpflow -h | -hh | -H | -V
END
}

# Print, as printf(1) does, or say that it does not go.
put()
{
	# shellcheck disable=SC2059 # the first argument is a format
	printf "$@" 2>&- || fail 'standard output: cannot be written'
}

# cat(1) without a process.
cat_here()
{
	while IFS= read -r line; do
		put '%s\n' "$line"
	done
}

help_short()
{
	usage
	cat_here <<'END'

   -a            all processing: the same as -e all
   -b max_bytes  store or print this many bytes of each flow
   -d level      0 silent, 1 normal, above 1 as -v
   -F letters    file names and directories (-hh)
   -f max_files  files that are kept open at once
   -h            this text; -hh: more
   -H            what each scanner does
   -I            also write FLOW.findx: when each byte came
   -i interface  capture from there, not from files
   -K            one capture file for each connection, no flow files
   -l            the words after the options are captures to read
   -L lock       writers to one console take turns
   -m max_skip   a longer skip begins a new flow (default 16777216)
   -o directory  put the files there (default '.')
   -P            no purge: a flow stays open after its FIN
   -p            not promiscuous
   -q            no warning about too many files
   -r file       read a capture, - for standard input; may be repeated
   -R file       read a capture after those, begin no new flow
   -s            unprintable bytes become dots, in files too
   -T template   file names (-hh; default %A.%a-%B.%b%V%v%C%c)
   -U user[:group]  give up root once the input is open
   -v            verbose; the same as -d 10
   -V            version
   -w file       write packets that were not processed to this capture
   -X report     the report (default report.xml in the directory of -o)
   -Z            leave HTTP bodies compressed
   -z directory  chroot there (with -U)
   --buffer-size bytes
                 the kernel's buffer for a live capture
   --in-order    with -c and -C: the stream as the receiver saw it
   --no-confine  do not give up system calls; for debuggers
   --overlap which  of two versions of a range: first (default) or last
   --packets n   stop after n packets
   --pipeline    print the pipeline, do not run it
   --progress    how far it is, on standard error (--no-progress: not)
   --seconds n   stop after n seconds of capture
   --snaplen n   capture at most n bytes of a packet (default 262144)

Scanners:
   -e name       also run this scanner: md5, http, tcpdemux, all
   -E name       run this one only
   -x name       do not run this one
   -S name=value set a parameter (-hh)

Console:
   -c            print packets, make no files
   -C            the same without the flow's name in front
   -B            bytes as they are
   -D            in hex
   -g            in colour
   -J            JSON
   -s            unprintable bytes as dots (the default)
   -0            no newline after each packet

expression: which packets, see pcap-filter(7)
END
}

help_long()
{
	help_short
	cat_here <<'END'

Parameters of -S and their defaults:
   enable_report=YES         write the report
   http_cmd=                 run CMD FILE for each HTTP body
   http_alert_fd=-1          tell of each HTTP body on this descriptor
   tcp_cmd=                  run CMD FILE for each flow
   tcp_alert_fd=-1           tell of each flow on this descriptor
   tcp_timeout=0             close a flow after so many seconds, 0: never
   tdelta=0                  seconds to add to every time
   packet-buffer-timeout=10  milliseconds a captured packet may wait
   check_fcs=YES             802.11: only frames whose check sum is right
   netviz_histogram_dump=0, netviz_histogram_size=1000
                             accepted, netviz is not here

Letters of -F:
   c   the connection counter in every name
   t   seconds since the epoch in front
   T   the time in front, as 2011-04-21T19:55:57Z
   k   directories of 1,000 flows each
   m   directories of a million, in them of a thousand
   g   directories of a milliard, of a million, of a thousand
   X   no files but the report
   M   the MD5 of each flow in the report

Letters of -T:
   %A %a   source address, port         %B %b   destination address, port
   %E %e   source, destination MAC      %V %v   "--" and the VLAN id, if any
   %T %t   time, ISO 8601 or seconds    %S      number of the session
   %C %c   "c" and the connection counter, if not 0
   %#      the connection counter       %%      a percent sign
   %N %K %M %G   the flow's number, its thousands, millions, milliards
   A slash makes a directory.
END
}

scanners()
{
	cat_here <<'END'
tcpdemux   on   flows: put together, named, stored
http       off  HTTP bodies: taken out of the flows, decoded, stored
md5        off  the MD5 of every flow and body, in the report
netviz, wifiviz and python are not part of flowpipe.
END
}

# ---- where the programs are ----

# Set `directory` to the one this script lies in, all links followed, and
# `run` to flow-run in it or in PATH.
find_programs()
{
	self=$0
	case $self in
	*/*) ;;
	*)	if [ -f "./$self" ]; then
			self=./$self
		else
			self=$(command -v "$self" && printf x)
			self=${self%"${newline}"x}
		fi ;;
	esac
	links=0
	while [ -h "$self" ] && [ "$links" -lt 40 ]; do
		target=$(readlink -- "$self" && printf x)
		target=${target%"${newline}"x}
		case $target in
		/*) self=$target ;;
		*)  self=${self%/*}/$target ;;
		esac
		links=$((links + 1))
	done
	directory=${self%/*}
	case $directory in
	-*) directory=./$directory ;;
	'') directory=/ ;;
	esac
	run=$directory/flow-run
	if [ ! -x "$run" ]; then
		run=flow-run
		directory=''
	fi
}

have_program()
{
	[ -x "$directory/$1" ] || [ -n "$(command -v "$1")" ]
}

# ---- options ----

is_number()
{
	case $1 in
	'' | *[!0-9]*) return 1 ;;
	esac
}

# Set `number` to a value as every shell counts it, without leading zeros;
# $3 and $4: the least and the most that it may be.
need_number()
{
	is_number "$2" || bad_usage "$1: not a number: $2"
	number=$2
	while :; do
		case $number in
		0?*) number=${number#0} ;;
		*)   break ;;
		esac
	done
	[ "${#number}" -le 18 ] || bad_usage "$1: too large: $2"
	[ "$number" -ge "${3:-0}" ] || bad_usage "$1: $2 is below $3"
	[ "$number" -le "${4:-$number}" ] || bad_usage "$1: $2 is above $4"
}

need_text()
{
	[ -n "$2" ] || bad_usage "$1: the value is empty"
}

# The letters that %-sequences may have; a wrong one is named.
check_template()
{
	rest=$1
	need_text -T "$rest"
	while :; do
		case $rest in
		*%*) rest=${rest#*%} ;;
		*)   return ;;
		esac
		case $rest in
		[ABabEeVvTtCcNKMGS%]* | '#'*) rest=${rest#?} ;;
		'') bad_usage "-T: $1: ends with a single %" ;;
		*)  bad_usage "-T: $1: unknown letter: %${rest%"${rest#?}"}" ;;
		esac
	done
}

# -F: X and M say what to do, the others are left to flow-name.
option_letters()
{
	rest=$1
	while [ -n "$rest" ]; do
		one=${rest%"${rest#?}"}
		rest=${rest#?}
		case $one in
		[ckmgtT]) letters=$letters$one ;;
		X) store='' ;;
		M) md5=yes ;;
		*) bad_usage "-F: unknown letter: $one" ;;
		esac
	done
}

set_all_scanners()
{
	tcpdemux=$1 scanner_http=$1 scanner_md5=$1 left_out=''
}

# -e, -E, -x and -a; $1 is the option.
option_scanner()
{
	on=yes
	case $1 in
	E) set_all_scanners '' ;;
	x) on='' ;;
	esac
	case $2 in
	all) set_all_scanners "$on"
	     left_out=${on:+"netviz wifiviz"} ;;
	tcpdemux) tcpdemux=$on ;;
	http) scanner_http=$on ;;
	md5) scanner_md5=$on ;;
	netviz | wifiviz)
		[ -z "$on" ] ||
			bad_usage "-$1 $2: this scanner is not part of flowpipe"
		case $left_out in
		"netviz wifiviz" | "$2") left_out=${left_out%"$2"}
			left_out=${left_out#"$2"}
			left_out=${left_out# } left_out=${left_out% } ;;
		esac ;;
	python) bad_usage "-$1 $2: this scanner is not part of flowpipe" ;;
	*) bad_usage "-$1: unknown scanner: $2" ;;
	esac
}

# A descriptor that is not open is said before anything is done, if it is of
# those that every shell can look at.
need_descriptor()
{
	[ -z "$2" ] || need_number "-S $1" "$2" 0 65535
	case $number in
	[013-9]) (: >&"$number") 2>&- ||
			bad_usage "-S $1: descriptor $number is not open" ;;
	esac
}

option_parameter()
{
	case $1 in
	?*=?*) name=${1%%=*} setting=${1#*=} ;;
	*) bad_usage "-S: not name=value: $1" ;;
	esac
	case $name in
	enable_report)
		case $setting in
		[YyTt1]*) report_on=yes ;;
		*) report_on='' ;;
		esac ;;
	http_cmd) cmd_http=$setting ;;
	tcp_cmd) cmd_tcp=$setting ;;
	http_alert_fd | tcp_alert_fd)
		number=''
		[ "$setting" = -1 ] || need_descriptor "$name" "$setting"
		case $name in
		http*) alert_http=$number ;;
		*) alert_tcp=$number ;;
		esac ;;
	tcp_timeout) need_number "-S $name" "$setting" 0 4294967295
		idle=$number ;;
	tdelta)	need_number "-S $name" "${setting#[-+]}" 0 4000000000
		tdelta=$setting ;;
	packet-buffer-timeout) need_number "-S $name" "$setting" 0 60000
		buffer_timeout=$number ;;
	check_fcs)
		case $setting in
		[YyTt1]*) fcs='' ;;
		*) fcs=no ;;
		esac ;;
	netviz_*) ;;
	*) bad_usage "-S: unknown parameter: $name" ;;
	esac
}

option_debug()
{
	case $1 in
	-*)	need_number -d "${1#-}"
		say "warning: -d: $1 is below 0, taken as 1"
		debug=1 ;;
	*)	need_number -d "$1"
		debug=$number ;;
	esac
}

# A limit of bytes; -1 is the classic way to say "none".
option_limit()
{
	limit=$1
	if [ "$limit" = -1 ]; then
		limit=''
	else
		need_number -b "$limit"
		limit=$number
	fi
}

# One option with its value ('' where it takes none).
option()
{
	case $1 in
	A) say '-A is an old name, taken as -a'
	   option_scanner e all ;;
	a) option_scanner e all ;;
	B) strip_off=yes ;;
	b) option_limit "$2" ;;
	C) console=yes no_header=yes ;;
	c) console=yes ;;
	D) form_hex=yes ;;
	d) option_debug "$2" ;;
	[eEx]) option_scanner "$1" "$2" ;;
	F) option_letters "$2" ;;
	f) need_number -f "$2" 0 2147483647
	   descriptors=$number ;;
	g) colour=yes ;;
	H) list_scanners=yes ;;
	h) help=$((help + 1)) ;;
	I) findx=yes ;;
	i) # shellcheck disable=SC2034 # compose() names it
	   interface=$2 interface_given=yes ;;
	J) form_json=yes ;;
	K) pcaps=yes ;;
	L) need_text -L "$2"
	   lock=$2 ;;
	l) words_are_files=yes ;;
	m) need_number -m "$2"
	   skip=$number ;;
	o) outdir=$2 ;;
	P) no_purge=yes ;;
	p) no_promiscuous=yes ;;
	q) quiet=yes ;;
	S) option_parameter "$2" ;;
	s) strip=yes ;;
	T) check_template "$2"
	   # shellcheck disable=SC2034 # compose() names it
	   template=$2 template_given=yes letters='' ;;
	U) need_text -U "$2"
	   user=$2 ;;
	V) version=yes ;;
	v) debug=10 ;;
	w) unprocessed=$2 ;;
	X) report=$2 ;;
	Z) original=yes ;;
	z) need_text -z "$2"
	   chroot=$2 ;;
	0) no_newline=yes ;;
	*) option_long "$1" "$2" ;;
	esac
}

option_long()
{
	case $1 in
	buffer-size) need_number --buffer-size "$2" 4096 1073741824
		buffer_size=$number ;;
	in-order) in_order=yes ;;
	no-confine) confine=no ;;
	no-progress) progress=no ;;
	overlap) overlap=$2
		case $2 in
		first | last) ;;
		*) bad_usage "--overlap: neither first nor last: $2" ;;
		esac ;;
	packets) need_number --packets "$2" 1
		packets=$number ;;
	pipeline) pipeline=yes ;;
	progress) progress=yes ;;
	seconds) need_number --seconds "$2" 1 4294967295
		seconds=$number ;;
	snaplen) need_number --snaplen "$2" 1 16777216
		snaplen=$number ;;
	esac
}

takes_value()
{
	case $1 in
	[AbdEeFfiLmoRrSTUwXxz]) ;;
	buffer-size | overlap | packets | seconds | snaplen) ;;
	*) return 1 ;;
	esac
}

# Set `one` to the option that a long name (or its beginning) means.
long_name()
{
	one=''
	for long in buffer-size chroot help in-order no-confine no-progress \
	    overlap packets pipeline progress relinquish-privileges seconds \
	    snaplen verbose version; do
		case $long in
		"$1") one=$long
		      break ;;
		"$1"*) [ -z "$one" ] || bad_option "option --$1 is ambiguous"
		       one=$long ;;
		esac
	done
	case $one in
	'') bad_option "unknown option: --$1" ;;
	chroot) one=z ;;
	help) one=h ;;
	relinquish-privileges) one=U ;;
	verbose) one=v ;;
	version) one=V ;;
	esac
}

# ---- what to do ----

# Options that only print, in the order in which tcpflow looks at them.
print_only()
{
	if [ -n "$version" ]; then
		version=$("$run" -V) || exit 1
		version=${version%%"$newline"*}
		put 'tcpflow %s (flowpipe)\n' "${version#* }"
		exit 0
	fi
	if [ -n "$chroot" ] && [ -z "$user" ]; then
		bad_usage '-z needs -U'
	fi
	if [ -n "$list_scanners" ]; then
		scanners
		exit 0
	fi
	case $help in
	0) return ;;
	1) help_short ;;
	*) help_long ;;
	esac
	exit 0
}

settle()
{
	[ "$debug" -le 1 ] || verbose=yes
	[ -z "$scanner_http" ] || http=yes
	[ -z "$scanner_md5" ] || md5=yes
	if [ -n "$md5" ] && ! have_program flow-hash; then
		fail 'md5: flow-hash is not there (it is built with nettle)'
	fi
	if [ -n "$left_out" ]; then
		say "-a: without the scanners that are not here: $left_out"
	fi
	[ -z "$pcaps" ] || console=''
	if [ -n "$console" ]; then
		[ -n "$report" ] || report_on=''
	fi
	[ -n "$report" ] || report=$outdir/report.xml
	if [ -z "$progress" ] && [ -z "$quiet" ] && [ -t 2 ] &&
	    { [ -z "$console" ] || [ ! -t 1 ]; }; then
		progress=yes
	fi
	[ "$progress" != no ] || progress=''
}

# The output directory is made here, since the report needs it as well.  In
# a jail it is the one inside; one that is new belongs to the user of -U.
make_outdir()
{
	made=$inside$outdir
	[ -n "$outdir" ] ||
		fail '-o: the name of the directory is empty'
	case $made in
	-*) made=./$made ;;
	esac
	if [ -d "$made" ]; then
		[ -z "$store$pcaps" ] || [ -n "$user" ] || [ -w "$made" ] ||
			fail "$made: cannot be written to"
		return
	fi
	if [ -e "$made" ]; then
		fail "$made: is not a directory"
	fi
	mkdir -p "$made" || exit 1
	[ -z "$user" ] || chown "$user" "$made" || {
		rmdir "$made"
		exit 1
	}
}

# A report that cannot be written is said before anything is done.
check_report()
{
	made=$report
	case $made in
	-*) made=./$made ;;
	esac
	(: >>"$made") 2>&- || fail "$report: the report cannot be written"
}

# ---- the plan ----
#
# Words of flow-run's command line.  -o=outdir stands for two words, -o and
# the value of that setting; --x==y for one, --x=VALUE; @read:k and @complete:k
# for the captures of that kind, with -r or -R, @plain:k for the plain files
# among them; @filter for the expression.

plan_demux()
{
	plan="pcap-demux$common"
	[ -z "$by_reference" ] || plan="$plan --by-reference"
	[ -z "$tdelta" ] || plan="$plan --tdelta=$tdelta"
	[ -z "$packets" ] || plan="$plan --packets $packets"
	[ -z "$seconds" ] || plan="$plan --seconds $seconds"
	[ -z "$fcs" ] || plan="$plan --no-check-fcs"
	[ -z "$unprocessed" ] || plan="$plan -w=unprocessed"
	[ -z "$pcaps" ] || plan="$plan --frames"
	if [ -n "$captures_given" ]; then
		[ -z "$progress" ] || plan="$plan --progress"
		plan="$plan @read:r${words_are_files:+ @read:w} @complete:R"
	else
		plan_live
	fi
	[ -z "$filter" ] || plan="$plan -- @filter"
}

plan_live()
{
	[ -z "$no_promiscuous" ] || plan="$plan -p"
	[ -z "$snaplen" ] || plan="$plan -s $snaplen"
	[ -z "$buffer_size" ] || plan="$plan -B $buffer_size"
	[ "${buffer_timeout:-0}" -eq 0 ] ||
		plan="$plan --buffer-timeout $buffer_timeout"
	[ -z "$interface_given" ] || plan="$plan -i=interface"
}

plan_reasm()
{
	plan="$plan | flow-reasm$common"
	[ -z "$skip" ] || plan="$plan -m $skip"
	[ "${idle:-0}" -eq 0 ] || plan="$plan --idle $idle"
	[ -z "$overlap" ] || plan="$plan --overlap $overlap"
	if [ -n "$console" ] && [ -z "$in_order" ]; then
		plan="$plan --arrival"
		# The console also shows what comes after a FIN; without end
		# that would need memory without end.
		[ -z "$captures_given" ] || no_purge=yes
	elif [ -z "$console" ] && [ -n "$limit" ]; then
		plan="$plan -b $limit"
	fi
	[ -z "$no_purge" ] || plan="$plan --no-purge"
	[ -n "$quiet" ] || plan="$plan --summary"
	plan="$plan$plain"
}

plan_name()
{
	plan="$plan | flow-name$common"
	[ -z "$template_given" ] || plan="$plan -T=template"
	[ -z "$letters" ] || plan="$plan -F $letters"
}

plan_http()
{
	[ -n "$http" ] || return 0
	plan="$plan | flow-http$common --types classic --no-notes"
	[ -z "$original" ] || plan="$plan -Z"
	plan="$plan$plain"
}

plan_store()
{
	[ -n "$store$pcaps" ] || return 0
	several_processors || {
		plan_store_share "$descriptors"
		return
	}
	half=${descriptors:+$((descriptors / 2))}
	plan_store_share "$half" 1/2
	plan_store_share "$half" 2/2
}

# Does it pay to make files on two processors?  Not where bytes would travel
# twice, and not where names from a template count up across connections.
several_processors()
{
	[ -n "$all_plain" ] && [ -z "$template_given$pcaps" ] &&
		[ "${descriptors:-2}" -ge 2 ] || return 1
	processors=$(nproc 2>&- || getconf _NPROCESSORS_ONLN 2>&-)
	is_number "$processors" && [ "$processors" -ge 2 ]
}

plan_store_share()
{
	plan="$plan | flow-store$common -o=outdir"
	[ -z "$findx" ] || plan="$plan -I"
	[ -z "$pcaps" ] || plan="$plan -K"
	[ -z "$quiet" ] || plan="$plan -q"
	[ -z "$strip" ] || plan="$plan --strip"
	[ -z "$1" ] || plan="$plan -f $1"
	[ -z "${2-}" ] || plan="$plan --share $2"
	plan="$plan$plain"
}

# Files are digested as they were stored, streams that are not as they pass.
plan_hash()
{
	[ -n "$md5" ] || return 0
	plan="$plan | flow-hash$common -a md5"
	if [ -n "$store" ]; then
		plan="$plan --files==outdir"
	else
		plan="$plan$plain"
	fi
}

# The end of the pipeline: the report, and commands for what was stored.
plan_end()
{
	exec=''
	if [ -n "$store" ] && [ -n "$tcpdemux" ]; then
		[ -z "$alert_tcp" ] || exec="$exec -a $alert_tcp"
		[ -z "$cmd_tcp" ] || exec="$exec -c=cmd_tcp"
		[ -z "$exec" ] || exec=" -k tcp$exec"
		[ -z "$alert_http$cmd_http" ] || exec="$exec -k http-body"
		[ -z "$alert_http" ] || exec="$exec -a $alert_http"
		[ -z "$cmd_http" ] || exec="$exec -c=cmd_http"
	fi
	if [ -n "$report_on" ]; then
		plan="$plan | flow-dfxml$common -o=report${exec:+ --pass}"
	elif [ -z "$exec" ]; then
		plan="$plan | flow-show$common -q"
	fi
	[ -z "$exec" ] || plan="$plan | flow-exec$common$exec"
}

plan_show()
{
	[ -z "$report_on" ] ||
		plan="$plan | flow-dfxml$common -o=report --names --pass"
	plan="$plan | flow-show$common ${no_header:+-C}"
	[ -n "$no_header" ] || plan="$plan -c"
	[ -z "$form_hex" ] || plan="$plan -D"
	[ -z "$form_json" ] || plan="$plan -J"
	[ -z "$strip_off" ] || plan="$plan -B"
	[ -z "$no_newline" ] || plan="$plan -0"
	[ -z "$colour" ] || plan="$plan -g"
	[ -n "$in_order" ] || plan="$plan --no-marks"
	[ -z "$limit" ] || plan="$plan -b $limit"
	[ -z "$lock" ] || plan="$plan -L=lock"
	[ "$outdir" = . ] || [ -z "$outdir" ] || plan="$plan -o=outdir"
	plan="$plan$plain"
}

make_plan()
{
	common=''
	[ -z "$verbose" ] || common="$common -v"
	[ -z "$confine" ] || common="$common --no-confine"
	[ -z "$user" ] || common="$common --user==user"
	[ -z "$chroot" ] || common="$common --chroot==chroot"
	plain=''
	[ -z "$by_reference" ] ||
		plain=" @plain:r${words_are_files:+ @plain:w} @plain:R"
	plan_demux
	if [ -z "$tcpdemux" ]; then
		plan_end
		return
	fi
	plan_reasm
	plan_name
	if [ -n "$console" ]; then
		plan_show
		return
	fi
	plan_http
	plan_store
	plan_hash
	plan_end
}

# ---- --pipeline ----

# One word as sh reads it.
print_word()
{
	case $1 in
	'' | *[!A-Za-z0-9_./:,=+@%-]*) ;;
	*) put %s "$1"
	   return ;;
	esac
	rest=$1
	put "'"
	while :; do
		case $rest in
		*\'*) put "%s'\\\\''" "${rest%%\'*}"
		      rest=${rest#*\'} ;;
		*) break ;;
		esac
	done
	put "%s'" "$rest"
}

print_pipeline()
{
	if [ -n "$directory" ] &&
	    [ "$(command -v flow-reasm)" = "$directory/flow-reasm" ]; then
		directory=''
	fi
	first=yes
	for word do
		if [ "$word" = '|' ]; then
			put ' |\n    '
			first=yes
			continue
		fi
		[ -n "$first" ] || put ' '
		[ -z "$first" ] || [ -z "$directory" ] || word=$directory/$word
		print_word "$word"
		first=''
	done
	put '\n'
}

# ---- all of it ----

run_pipeline()
{
	inside=${chroot:+$chroot/}
	if [ -n "$pipeline" ]; then
		if [ -z "$console" ] && [ ! -d "$inside$outdir" ]; then
			put 'mkdir -p -- '
			print_word "$inside$outdir"
			put ' &&\n'
		fi
		print_pipeline "$@"
		exit 0
	fi
	[ -z "$inside" ] || [ -d "$inside" ] ||
		fail "-z: $chroot: is not a directory"
	[ -n "$console" ] || make_outdir
	if [ -n "$report_on" ]; then
		printf 'reportfilename: %s\n' "$inside$report" >&2
		[ -n "$user" ] || check_report
	fi
	[ -z "$chroot" ] || set -- --chroot "$chroot" "$@"
	[ -z "$user" ] || set -- --user "$user" "$@"
	exec "$run" "$@"
}

# The plan becomes a command: `text`, in which a value from outside is "$name".
compose()
{
	text=''
	for token in $plan; do
		case $token in
		'|')	text="$text '|'" ;;
		@filter) text="$text \"\$filter\"" ;;
		@*:?)	compose_captures "${token%:*}" "${token#*:}" ;;
		--*==*) text="$text \"${token%%==*}=\$${token#*==}\"" ;;
		-?=*)	eval "value=\$${token#*=}"
			text="$text ${token%%=*}"
			# "|" alone would part two stages.
			[ "$value" = '|' ] || text="$text "
			text="$text\"\$${token#*=}\"" ;;
		*)	text="$text $token" ;;
		esac
	done
	eval "run_pipeline $text"
}

# $1: @read, @complete or @plain; $2: the kind of the captures.
compose_captures()
{
	value=-r
	[ "$1" != @complete ] || value=-R
	for capture in $kept; do
		case $capture in
		"$2"*)	capture=kept_${capture#?} ;;
		*)	continue ;;
		esac
		eval "word=\$$capture"
		if [ "$1" = @plain ] && ! is_plain "$word"; then
			continue
		elif [ "$word" = '|' ]; then
			text="$text $value './|'"
		elif is_input "$word"; then
			text="$text $value -"
		else
			text="$text $value \"\$$capture\""
		fi
	done
}

# A name of standard input: only the first program has ours.
is_input()
{
	case $1 in
	- | /dev/stdin | /dev/fd/0 | /proc/self/fd/0) ;;
	*) return 1 ;;
	esac
}

# Can each program open it?
is_plain()
{
	[ -f "$1" ] && ! is_input "$1"
}

# What is written must not be a capture that is to be read.
check_capture()
{
	for made in "$unprocessed" "${report_on:+$report}"; do
		# -ef is in POSIX since 2024, and in shells since long before.
		# shellcheck disable=SC3013
		if [ -n "$made" ] && [ "$1" -ef "$made" ]; then
			bad_usage "$made: is a capture to be read"
		fi
	done
}

# What was kept: the expression, and what the captures are.
survey()
{
	captures_given='' by_reference='' all_plain=yes filter=''
	for capture in $kept; do
		eval "word=\$kept_${capture#?}"
		if [ "${capture%"${capture#?}"}$words_are_files" = w ]; then
			filter="$filter${filter:+ }$word"
			continue
		fi
		captures_given=yes
		check_capture "$word"
		if is_plain "$word"; then
			by_reference=yes
		else
			all_plain=''
		fi
	done
	[ -n "$captures_given" ] || all_plain=''
	[ "$filter" != '|' ] || filter='| '
	too_many_captures || return 0
	by_reference='' all_plain=''
}

# Each stage would have all of them open, and must not have so many?
too_many_captures()
{
	[ "$number_kept" -gt 500 ] || return 1
	# shellcheck disable=SC3045 # -H is not in POSIX, but in every shell.
	most=$(ulimit -H -n 2>&-)
	is_number "$most" && [ "$((number_kept + 200))" -gt "$most" ]
}

keep()
{
	number_kept=$((number_kept + 1))
	eval "kept_$number_kept=\$2"
	kept="$kept $1$number_kept"
}

# Is the value of the option the next argument?  Else set `value`.
needs_next()
{
	takes_value "$one" || {
		[ -z "$attached" ] || bad_option "option takes no value: $word"
		return 1
	}
	[ -z "$attached" ] || return 1
	[ -n "$bundle" ] || return 0
	value=$bundle bundle=''
	return 1
}

# Set `one` to the first option in a word, `bundle` to those after it.
first_option()
{
	value='' bundle='' attached=''
	case $1 in
	--*)	one=${1#--}
		case $one in
		*=*)	attached=yes
			value=${one#*=} ;;
		esac
		long_name "${one%%=*}" ;;
	*)	bundle=${1#-}
		next_option ;;
	esac
}

next_option()
{
	one=${bundle%"${bundle#?}"}
	bundle=${bundle#?}
	case $one in
	[!aABbcCdDEeFfgHhIiJKLlmoPpqRrSsTUVvwXxZz0])
		bad_option "unknown option: -$one" ;;
	esac
}

take()
{
	case $1 in
	[rR]) keep "$1" "$2" ;;
	*) option "$1" "$2" ;;
	esac
}

# All options in a word; `wants` is set to one whose value is the next word.
take_options()
{
	first_option "$1"
	while :; do
		if needs_next; then
			wants=$one
			return
		fi
		take "$one" "$value"
		[ -n "$bundle" ] || return
		next_option
	done
}

# Options and words in any order, as getopt_long(3) of glibc takes them.
main()
{
	wants='' only_words=''
	for word do
		if [ -n "$wants" ]; then
			one=$wants wants=''
			take "$one" "$word"
			continue
		fi
		case $only_words$word in
		--)	only_words=yes ;;
		-?*)	take_options "$word" ;;
		*)	keep w "$word" ;;
		esac
	done
	[ -z "$wants" ] || bad_option "option needs a value: -$wants"
	find_programs
	print_only
	settle
	survey
	make_plan
	compose
}

main "$@"
