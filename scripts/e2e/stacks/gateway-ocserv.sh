mkdir "$scratch/ocserv"
cp "$e2e/ocserv.sh" "$scratch/ocserv/"
printf 'FROM %s\nCOPY ocserv.sh /\nENTRYPOINT ["/ocserv.sh"]\n' "$APP_IMAGE" >"$scratch/ocserv/Dockerfile"
export OCSERV_IMAGE=culvert-e2e-ocserv OCSERV_PORT=8443
docker build --quiet --tag $OCSERV_IMAGE "$scratch/ocserv" >/dev/null 2>&1

start_stack gateway-ocserv
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=198.51.100.2 -days 1 \
    -keyout "$compose_folder/ocserv/privkey.pem" -out "$compose_folder/ocserv/fullchain.pem" 2>/dev/null
place laptop 1
capture "udp port 51820 or tcp port 8443 or $refused_calls"
check gateway-ocserv "docker-compose up: healthy" up_and_healthy -f compose.yaml -f app.yaml
compose exec -T ocserv ocpasswd -c /etc/ocserv/ocpasswd alice <<<$'secret\nsecret'
pin=$(openssl x509 -in "$compose_folder/ocserv/fullchain.pem" -pubkey -noout | openssl pkey -pubin -outform der 2>/dev/null | openssl dgst -sha256 -binary | base64)
openconnect_client() {
    SITE=$site within_namespace laptop openconnect --user alice --passwd-on-stdin --servercert "pin-sha256:$pin" --interface cve2e-oc --no-dtls \
        --script "$e2e/openconnect-script.sh" --background https://198.51.100.2:8443 <<<secret
}
check gateway-ocserv "a client of ocserv connects" openconnect_client
check gateway-ocserv "the client exits by the tunnel" same $exit_address "$(seen_from laptop $site)"
check gateway-ocserv "another container behind the gateway does, too" same $exit_address "$(docker exec "$(compose -f compose.yaml -f app.yaml ps -q app)" python3 -c "$(fetch $site)")"
app=$(compose -f compose.yaml -f app.yaml ps -q app)
kill_vpn
check gateway-ocserv "kill -9: the client reaches nothing" not seen_from laptop $site 3
check gateway-ocserv "kill -9: the other container reaches nothing" not docker exec "$app" python3 -c "$(fetch $site 3)"
check gateway-ocserv "no frame beside the tunnel and the listener" no_stray_frames
leave laptop
check gateway-ocserv "docker-compose down" compose -f compose.yaml -f app.yaml down --timeout 2
