# How time per packet grows: table and plot are given with -e.
set terminal svg size 720,400 dynamic
set output plot
set datafile separator "\t"
set logscale x
set xlabel "packets in the capture, or connections open at once"
set ylabel "nanoseconds a packet (CPU, all stages)"
set yrange [0:*]
set format x "10^{%L}"
set key top left
set grid
plot table using (stringcolumn(1) eq "packets" ? $2 : NaN):5 \
	title "short connections from a file, by packets" with linespoints, \
    table using (stringcolumn(1) eq "pipe" ? $2 : NaN):5 \
	title "the same through a pipe, by packets" with linespoints, \
    table using (stringcolumn(1) eq "open" ? $2 : NaN):5 \
	title "open at once, by connections" with linespoints
