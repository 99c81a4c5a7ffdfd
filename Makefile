# The two commands of the README: `make lab` builds the reference lab, `make test` passes the tests. Each installs what it
# needs from Debian 12; Swift itself has to be there.

SWIFT = swift
XENSEED = .build/debug/xenseed
SUDO = $$([ "$$(id -u)" = 0 ] || echo sudo)

BUILD_PACKAGES = libarchive-dev libcrypt-dev libdeflate-dev libyaml-dev pkg-config
# What the artifacts are tested with: the tools that read them on a node, what builds a node's world, installers and
# machines.
TEST_PACKAGES = apt binutils busybox-static bzip2 chromium chromium-driver cpio curl dash debconf debian-archive-keyring \
	debian-installer-12-netboot-amd64 debootstrap dnsmasq-base dosfstools dropbear-bin e2fsprogs fish fonts-dejavu-core grub-common \
	grub-efi-amd64-bin grub-efi-amd64-signed ifupdown iproute2 ipxe isc-dhcp-client isc-dhcp-server isolinux \
	libarchive-tools mtools mtree-netbsd openssh-client openssl \
	ovmf patch python3 python3-jsonschema python3-selenium python3-yaml qemu-system-x86 qemu-utils shellcheck socat strace \
	syslinux-common tar util-linux xorriso xz-utils zsh
# And what makes an installer that the mirror can serve, and installs with it.
E2E_PACKAGES = apt cpio gpgv kmod $(TEST_PACKAGES)
# For `make deb`, and to try what it makes.
DEB_PACKAGES = binutils debootstrap dpkg-dev
VIRTUALBOX_PACKAGES = debootstrap dpkg iproute2 util-linux
VIRTUALBOX_START_PACKAGES = dnsmasq-base gcc libc6-dev python3-pil tesseract-ocr $(VIRTUALBOX_PACKAGES)
BENCH_PACKAGES = debconf diffoscope-minimal nginx-light procps python3-jinja2 python3-yaml time wrk

# Where the tests keep a Debian with GRUB and Xen; it takes minutes to make, so it is kept.
WORLD = $(CURDIR)/.build-world

lab: build
	$(XENSEED) build lab.yaml

# That out/ is what the lab gives, archives opened: `make lab` believes what SHA256SUMS says of those that stand.
lab-check: build
	$(XENSEED) build --check lab.yaml
	git diff --exit-code out

build: build-packages
	$(SWIFT) build

# A Jessie root folder, if there is one (its programs run in it by chroot): what is written for Jessie is then read by them.
XENSEED_JESSIE =

# Tests/run shows what each suite takes; with --each, each test.
test: build-packages test-packages world
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" XENSEED_WORLD=$(WORLD) XENSEED_JESSIE=$(XENSEED_JESSIE) Tests/run --skip '^BootTests\.' --skip '^VirtualBoxTests\.'

# Debian's installer in QEMU, from every kind of boot medium, until it knows which node it is on.
media-test: build test-packages
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter BootTests --skip 'CardTests|VirtualBoxStartTests'

# Machines with network cards in every order, started from small images of the releases until ifupdown has configured them.
# The images are kept in .build-boot/. It takes a quarter of an hour without KVM.
boot-test: build test-packages
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter CardTests

# Real installations of both nodes in QEMU, by one road: pxe, seed or usb. It takes an hour and more without KVM. Evidence is kept
# in .e2e/; what was ended goes on where it was, and what was installed is not installed again. E2E has more words for
# Tests/E2E/run: --fresh, --firmware uefi, --cards reverse, --layout lvm, --used lvm,raid, --from late-command.
ROAD = pxe
E2E =
e2e: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/run $(E2E) $(XENSEED) .e2e $(ROAD)

# What a node shows when its installation goes wrong; after `make e2e`, with the same ROAD and E2E.
NODE = xen01
e2e-trials: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/trials $(E2E) $(XENSEED) .e2e $(ROAD) $(NODE)

# What it costs beside a preseed written by hand: two installations side by side.
e2e-cost: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/cost $(E2E) $(XENSEED) .e2e pxe

# A QEMU that needs a third of the time without KVM.
E2E_TOOLS = $(SUDO) env PATH="$(CURDIR)/.e2e/qemu/bin:$$PATH"
e2e-qemu: e2e-packages
	$(SUDO) Tests/E2E/qemu .e2e

# The linter on whatever libFuzzer makes of the tests' preseeds, for some seconds; what it finds is kept in .build-fuzz/.
SECONDS = 60
fuzz: build-packages
	Tests/Fuzz/run .build-fuzz $(SECONDS)

# Everything that a change has to pass.
check: lint lab lab-check test

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests templates

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests templates

schema: build
	$(XENSEED) schema > Sources/Lab/Reader/lab.schema.json

world: test-packages
	mkdir -p $(WORLD)
	$(SUDO) Tests/World/target-root $(WORLD)/root

# VirtualBox from Debian sid in a directory of its own, where it runs without its kernel module.
virtualbox-root: virtualbox-packages
	mkdir -p .build-virtualbox
	$(SUDO) Tests/VirtualBox/root .build-virtualbox/root

# The script for VirtualBox with the real VBoxManage, which starts no machines without its kernel module.
virtualbox-test: build virtualbox-root
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter VirtualBoxTests

# The reference lab, started by the real VirtualBox in its interpreter, from CD and from the network. It takes a quarter of an hour.
virtualbox-start-test: build test-packages virtualbox-start-packages virtualbox-root
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter VirtualBoxStartTests

bench: build-packages bench-packages
	$(RELEASE) xenseed
	Tests/Bench/run .build/release/xenseed

# A package for Debian 12, in .build/; deb-test installs it in a clean chroot, and uses it there.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib --product
deb: build-packages deb-packages
	$(RELEASE) xenseed
	$(RELEASE) generate-manual
	Sources/xenseed/Debian/deb .build/release/xenseed .build/release/generate-manual .build

deb-test: deb
	$(SUDO) Sources/xenseed/Debian/try .build/xenseed_*.deb

# Asks dpkg first, so that nothing is fetched when all is there.
build-packages:
	@for package in $(BUILD_PACKAGES); do $(MISSING); done; $(INSTALL)

test-packages:
	@for package in $(TEST_PACKAGES); do $(MISSING); done; $(INSTALL)

e2e-packages:
	@for package in $(E2E_PACKAGES); do $(MISSING); done; $(INSTALL)

virtualbox-start-packages:
	@for package in $(VIRTUALBOX_START_PACKAGES); do $(MISSING); done; $(INSTALL)

virtualbox-packages:
	@for package in $(VIRTUALBOX_PACKAGES); do $(MISSING); done; $(INSTALL)

deb-packages:
	@for package in $(DEB_PACKAGES); do $(MISSING); done; $(INSTALL)

bench-packages:
	@for package in $(BENCH_PACKAGES); do $(MISSING); done; $(INSTALL)

MISSING = [ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null)" = installed ] \
	|| missing="$$missing $$package"
INSTALL = [ -z "$$missing" ] || { $(SUDO) apt-get -q update \
	&& $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $$missing; }

# The debconf questions again, from Debian's mirror.
catalogue: e2e-packages
	Sources/Preseed/Releases/Catalogue/rebuild .build-catalogue

clean:
	rm -rf .build

.PHONY: lab lab-check build test media-test boot-test virtualbox-test virtualbox-start-test e2e e2e-trials e2e-cost e2e-qemu check lint format schema world virtualbox-root bench deb deb-test catalogue fuzz build-packages test-packages e2e-packages virtualbox-packages virtualbox-start-packages deb-packages bench-packages clean
