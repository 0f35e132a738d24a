# SPDX-License-Identifier: GPL-2.0
# A shell with the programs of Debian's essential packages; prints "done" when all of it worked, and
# each command before, so that one that failed is the last one.
set -eux
folder=$(mktemp -d)
cd "$folder"
seq 1 1000 | sed 's/$/ line/' | grep -v 7 | sort -rn | tee all | sed -n 1,3p >first
[ "$(tail -n 1 first)" = '998 line' ]
[ "$(wc -l <all)" -eq 729 ]
awk '{ sum += $1 } END { print sum }' all | grep -qx '[0-9]*'
tar -czf all.tar.gz all && mkdir out && tar -C out -xzf all.tar.gz && cmp all out/all
gzip -c all | gzip -dc | sha256sum | cut -c1-8 >sum
cp -a all copy && ln -s copy link && ln copy hard && mv first second && chmod 600 copy && chown 0:0 copy
find . -type f -name 'c*' -exec cat {} + | wc -c >count
date +%s >now && touch -d @0 now && stat -c %Y now | grep -qx 0
(sleep 5 & kill $! && wait $! || true)
echo 'text' | { read -r word; [ "$word" = text ]; }
perl -e 'print "perl\n"' | grep -q perl
ls -la / >/dev/null && id -u >/dev/null && df . >/dev/null && du -s . >/dev/null && uname -a >/dev/null
env -i true && timeout 5 true && nice true && xargs -n 1 <now echo >/dev/null
ps aux >/dev/null 2>&1 || exit 1
cd / && rm -r "$folder"
echo 'done'
