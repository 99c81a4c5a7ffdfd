#!/bin/sh
set -e
if [ -e /etc/foo ]; then
    cat <<END
fi
END
    echo "${x:-don't}"
