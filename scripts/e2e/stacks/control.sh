# That a leak would be seen.
say control
capture
docker run --rm "$APP_IMAGE" python3 -c "$(fetch $site)" >/dev/null
check control "a container without a VPN is seen on the uplink" not no_stray_frames
