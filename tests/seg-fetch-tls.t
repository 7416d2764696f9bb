#!/usr/bin/env bash
# seg-fetch over TLS: whom it trusts, and that it never leaves TLS again.

. "${0%/*}/lib.sh"

need openssl

# An authority of our own, and certificates for this machine: one in order, one
# that has expired, one for another name, one signed by itself.
subject()
{
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
		-subj "/CN=$1" 2> /dev/null
}
sign()
{
	printf 'subjectAltName=%s\n' "$2" > ext
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -out "$1.pem" \
		-CAcreateserial -extfile ext "${@:3}" 2> /dev/null
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem \
	-subj /CN=authority -days 3650 2> /dev/null
for name in good old other; do
	subject $name
done
sign good IP:127.0.0.1,DNS:localhost -days 3650
sign old IP:127.0.0.1 -days -1
sign other DNS:example.com -days 3650
openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem \
	-subj /CN=self -addext subjectAltName=IP:127.0.0.1 2> /dev/null
if [ ! -s good.pem ] || [ ! -s other.pem ]; then
	skip_all 'openssl makes no certificates'
fi

mkdir web
printf '1 2\n' | bitmap web/1.png
# tls NAME: the directives of a server with this certificate.
tls()
{
	printf '%s\n' "listen 127.0.0.1:${!1} ssl http2;" \
		"ssl_certificate $PWD/$1.pem;" \
		"ssl_certificate_key $PWD/$1.key;"
}
# For serve: four servers, each on a port of its own. The first one's braces
# are those of lib.sh, and so are the last's.
servers_of_all()
{
	local name first=$PORT
	for name in good old other self; do
		free_port
		declare -g "$name=$PORT"
	done
	PORT=$first
	cat > "$1" <<-END
	$(tls good)
	location = /down { return 302 http://127.0.0.1:\$server_port/1.png; }
	location = /up { return 302 https://127.0.0.1:$good/1.png; }
	location = /up-down { return 302 https://127.0.0.1:$good/down; }
	location /two/ {
		if (\$server_protocol != HTTP/2.0) { return 418; }
		alias $PWD/web/;
	}
	}
	server { $(tls old) }
	server { $(tls other) }
	server { $(tls self) root $PWD/web;
	END
}
good='' old='' other='' self=''
serve web servers_of_all
export CURL_CA_BUNDLE=$PWD/ca.pem

# check_url NAME URL [MESSAGE [option ...]]: the file comes, or the message.
check_url()
{
	local name=$1 url=$2 message=${3-} line
	line='{"name":"x","attributes":{"image":{"url":"'$url'"}},"release":{}}'
	shift $(($# < 3 ? $# : 3))
	rm -rf D
	if [ -z "$message" ]; then
		check "$name" -i "$line" \
			-E '' bounded 100 sh -c 'seg-fetch -q -d D "$@" > out &&
				cmp web/1.png D/images/x*' sh "$@"
	else
		check "$name" -s 1 -i "$line" -E "*: $message: $url" \
			bounded 100 sh -c 'seg-fetch -q -d D --backoff 0 "$@" > out' \
			sh "$@"
	fi
}

check_url 'a certificate of a trusted authority' "https://127.0.0.1:$good/1.png"
check_url 'by name, too' "https://localhost:$good/1.png"
check_url 'one that has expired' "https://127.0.0.1:$old/1.png" \
	'SSL certificate problem: certificate has expired'
check_url 'one for another name' "https://127.0.0.1:$other/1.png" \
	"SSL: no alternative certificate subject name matches target host name '127.0.0.1'"
check_url 'one that signs itself' "https://127.0.0.1:$self/1.png" \
	'SSL certificate problem: self*signed certificate'
CURL_CA_BUNDLE='' SSL_CERT_FILE=$PWD/self.pem \
	check_url 'where SSL_CERT_FILE names it' "https://127.0.0.1:$self/1.png"
CURL_CA_BUNDLE='' check_url 'our authority is none of the system' \
	"https://127.0.0.1:$good/1.png" 'SSL certificate problem: *'
check_url 'a server that does not speak TLS' "https://127.0.0.1:$PORT/1.png" \
	'*wrong version number*' --retries 0

check_url 'from http to https' "$URL/up"
check_url 'and not back' "$URL/up-down" 'redirected from https to http'
check_url 'from https to http' "https://127.0.0.1:$good/down" \
	'redirected from https to http'

check_url 'HTTP/1.1 is spoken' "https://127.0.0.1:$good/two/1.png" \
	'HTTP status 418'
check_url 'HTTP/2 with --http2' "https://127.0.0.1:$good/two/1.png" '' --http2

# One connection for many files.
for n in {1..50}; do
	printf '{"name":"%s","attributes":{"image":{"url":"%s"}},"release":{}}\n' "$n" \
		"https://127.0.0.1:$good/1.png?$n"
done > records
check 'many files' -o 50 'seg-fetch -q -j 4 -d E records | wc -l'
check 'with HTTP/2, too' -o 50 'seg-fetch -q --http2 -j 4 -d F records | wc -l'

done_testing
