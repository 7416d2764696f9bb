#!/usr/bin/env bash
# seg-view's pages in a browser: what switches hide, how the large view opens
# and closes, light and dark, screen and phone; and that the page's own policy
# lets it do all that.

. "${0%/*}/lib.sh"

need jq perl chromium

(cd "$DEMO" && seg-samples -q release.json) > demo
(cd "$DEMO" && seg-samples -q release.json | jq -c '.release.labelset = "b"') |
	head -n 1 > other
cat demo other | seg-view -q --offline --base "$DEMO" -d "$DEMO/segments" \
	-o page.html --page 8 2> told
cat demo other | seg-view -q --offline --link --base "$DEMO" \
	-d "$DEMO/segments" -o link.html 2> told
id=$(jq -r .uuid demo | sed -n 2p)
donut=$(sed -n 's/.*name="\(c[0-9]*\)" checked><span title="donut".*/\1/p' \
	page.html)
donuts=$(grep -o "<path class=\"o $donut\"" page.html | wc -l)
labeled=$(sed -n 's/.*name="\(s[0-9]*\)".*title="LABELED".*/\1/p' page.html)

# browse NAME WANTED COMMANDS: what the browser prints on them.
browse()
{
	check "$1" -o "$2" -i "$3" "$ROOT/tests/tools/browser.pl"
}

# Expressions: how many elements that match are shown, and where one is.
shown()
{
	echo "eval [...document.querySelectorAll('$1')].filter(e =>" \
		"e.getClientRects().length && getComputedStyle(e).visibility" \
		"== 'visible').length"
}
box()
{
	echo "eval (r => [r.x, r.y, Math.round(r.width)," \
		"Math.round(r.height)].join(' '))(" \
		"document.querySelector('$1').getBoundingClientRect())"
}

browse 'a switch hides the objects of a category, and shows them again' \
	"$donuts
0
$donuts
$donuts" "size 1200 800
open page.html
$(shown "svg .$donut")
click [name=$donut]
$(shown "svg .$donut")
click [name=$donut]
$(shown "svg .$donut")
click [name=$donut]
click button[type=reset]
$(shown "svg .$donut")"
browse 'one of a status hides its samples' '8
6' "size 1200 800
open page.html
$(shown .cell)
click [name=$labeled]
$(shown .cell)"
browse 'only: no other objects, and no image without such' 'true
0
true' "size 1200 800
open page.html
click [value=$donut]
eval [...document.querySelectorAll('svg path')].every(e => e.matches('.$donut') == !!e.getClientRects().length || !e.getClientRects().length)
$(shown ".cell:not(:has(.$donut))")
eval document.querySelectorAll('.cell:not(:has(.$donut))').length > 0"
browse 'objects are filled, or outlined, or away' '0.3
0
0
0' "size 1200 800
open page.html
eval getComputedStyle(document.querySelector('svg .o')).fillOpacity
click [value=outline]
eval getComputedStyle(document.querySelector('svg .o')).fillOpacity
click [value=image]
$(shown 'svg .o')
eval document.querySelectorAll('svg').length - [...document.querySelectorAll('svg')].filter(e => getComputedStyle(e).visibility == 'hidden').length"
browse 'what the pointer is on in the legend stands out' 'true' "size 1200 800
open page.html
point .k${donut#c}
eval [...document.querySelectorAll('svg path')].every(e => (getComputedStyle(e).opacity == 1) == e.matches('.$donut'))"

browse 'a click on an image opens it large, and a cross closes it' \
	"0
0 0 1200 800
#$id
1
0" "size 1200 800
open page.html
$(shown .info)
click [id=\"$id\"] .pic
$(box ":target")
eval location.hash
$(shown .info)
click :target .bar a:last-child
$(shown .info)"
browse 'its address opens it, too, and leads to the next' "0 0 1200 800
true" "size 1200 800
open page.html#$id
$(box ":target")
click :target .bar a:nth-last-child(2)
eval location.hash != '#$id' && document.querySelector(':target .info').getClientRects().length == 1"
browse 'the image is as large as there is room, in its shape' 'true' \
	"size 1200 800
open page.html#$id
eval (r => r.width > 700 && Math.abs(r.width / r.height - 3 / 2) < .01 && r.bottom <= 800 && r.right <= 1200)(document.querySelector(':target .fit').getBoundingClientRect())"
browse 'labels of a sample are side by side, of one height' '2 true' \
	"size 1200 800
open page.html
eval (c => c.length + ' ' + (c[0].getBoundingClientRect().top == c[1].getBoundingClientRect().top && c[0].getBoundingClientRect().right <= c[1].getBoundingClientRect().left))(document.querySelectorAll('.many .pic'))"
browse 'metadata unfolds' 'false
true' "size 1200 800
open page.html#$id
eval document.querySelector(':target dd + dt + dd, :target details').checkVisibility() && document.querySelector(':target details').open
click :target summary
eval document.querySelector(':target details').open"
browse 'pages are linked' 'page-2.html' "size 1200 800
open page.html
follow .top .pages a:last-child
eval location.pathname.split('/').pop()"
browse 'thumbnails are shown, and images that are linked' 'true
true' "size 1200 800
open page.html
eval Promise.all([...document.images].map(i => (i.loading = 'eager', i.decode()))).then(() => [...document.images].every(i => i.naturalWidth > 0))
open link.html
eval Promise.all([...document.images].map(i => (i.loading = 'eager', i.decode()))).then(() => [...document.images].every(i => i.naturalWidth > 0))"

sizes()
{
	local size scheme
	for size in '1400 900' '390 844 2'; do
		for scheme in light dark; do
			echo "size $size
			scheme $scheme
			open page.html
			eval document.documentElement.scrollWidth <= innerWidth
			eval getComputedStyle(document.body).backgroundColor
			open page.html#$id
			eval document.documentElement.scrollWidth <= innerWidth"
		done
	done
}
browse 'light and dark, on a desktop and a phone, nothing sticks out' \
	'true
rgb(247, 248, 250)
true
true
rgb(17, 20, 24)
true
true
rgb(247, 248, 250)
true
true
rgb(17, 20, 24)
true' "$(sizes)"
browse 'on paper there are no controls' '0
14' "open link.html
media print
$(shown '.modes, button, .only, .bar')
$(shown .cell)"

# The policy holds: a script in the page would not run.
sed 's,</form>,<script>document.title = "run"</script><img src=x onerror="document.title = 1">&,' \
	page.html > script.html
check 'no script runs in a page, whatever comes into it' -o 'yes
2' -i "open script.html
eval document.title == 'run' || document.title == '1' ? 'no' : 'yes'" \
	"'$ROOT/tests/tools/browser.pl' > out
	sed 1q out; grep -c 'script' out"

done_testing
