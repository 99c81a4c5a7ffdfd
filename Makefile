# `make lab` builds the reference lab and `make test` runs the tests. Both install the packages of Debian 12 that they need; Swift
# has to be installed already.

SWIFT = swift
XENSEED = .build/debug/xenseed
SUDO = $$([ "$$(id -u)" = 0 ] || echo sudo)

BUILD_PACKAGES = libarchive-dev libcrypt-dev libdeflate-dev libyaml-dev pkg-config
# The packages for the tests: the tools that read the artifacts on a node, those that build a node's root file system,
# installers and virtual machines.
TEST_PACKAGES = ansible-core apt bind9-utils binutils busybox-static bzip2 chromium chromium-driver cpio curl dash debconf debian-archive-keyring \
	debian-installer-12-netboot-amd64 debootstrap dnsmasq-base dosfstools drbd-utils dropbear-bin e2fsprogs fish fonts-dejavu-core gpg gpg-agent \
	gpgconf gpgv grub-common grub-efi-amd64-bin grub-efi-amd64-signed ifupdown iproute2 ipxe isc-dhcp-client isc-dhcp-server isolinux \
	libarchive-tools libvirt-clients libvirt-daemon libxml2-utils lvm2 mtools mtree-netbsd openssh-client openssl pre-commit \
	ovmf patch procps python3 python3-jsonschema python3-prometheus-client python3-selenium python3-yaml qemu-system-x86 qemu-utils shellcheck socat strace \
	syslinux-common tar util-linux xorriso xz-utils zsh
# The packages for real installations, and for an installer that is built from packages that the mirror still has.
E2E_PACKAGES = apt cpio iputils-ping kmod $(TEST_PACKAGES)
# The packages for `make deb` and for the test of what it and `make install` install.
DEB_PACKAGES = binutils debootstrap dpkg-dev
DEB_TEST_PACKAGES = bash bash-completion fish man-db zsh
VIRTUALBOX_PACKAGES = debootstrap dpkg iproute2 util-linux
VIRTUALBOX_START_PACKAGES = dnsmasq-base gcc libc6-dev python3-pil tesseract-ocr $(VIRTUALBOX_PACKAGES)
LIBVIRT_PACKAGES = debian-installer-12-netboot-amd64 dnsmasq-base iproute2 iptables libvirt-clients libvirt-daemon \
	libvirt-daemon-driver-qemu ovmf qemu-system-x86 qemu-utils util-linux
DOCS_PACKAGES = codespell git python3 python3-yaml
BENCH_PACKAGES = curl debconf diffoscope-minimal iproute2 nginx-light procps python3-jinja2 python3-yaml time wrk

# The directory for a root file system of Debian with GRUB and Xen. Building it takes minutes, so the tests keep it.
WORLD = $(CURDIR)/.build-world

lab: build
	$(XENSEED) build lab.yaml

# Checks that out/ is what the lab builds, including the members of archives. `make lab` trusts SHA256SUMS for existing
# archives.
lab-check: build
	$(XENSEED) build --check lab.yaml
	git diff --exit-code out

build: build-packages
	$(SWIFT) build

# The root directory of a jessie system, if there is one: the tests then check the files for jessie with its programs, which
# run in a chroot.
XENSEED_JESSIE =

# Tests/run reports the time of each suite, or of each test with --each.
test: build-packages test-packages world
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" XENSEED_WORLD=$(WORLD) XENSEED_JESSIE=$(XENSEED_JESSIE) Tests/run --skip '^BootTests\.' --skip '^VirtualBoxTests\.'

# Starts Debian's installer in QEMU from every kind of boot medium, until it has found the node that it is on.
media-test: build test-packages
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter BootTests --skip 'CardTests|NetworkTests|VirtualBoxStartTests'

# Starts machines with network cards in every order from small images of the releases, until ifupdown has configured the
# cards. The images are kept in .build-boot/. It takes a quarter of an hour without KVM.
boot-test: build test-packages
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter "CardTests|NetworkTests"

# Installs the nodes of the reference lab in QEMU with one boot method (ROAD): pxe, seed or usb. It takes an hour or more without
# KVM. Evidence is kept in .e2e/. An interrupted run is resumed, and an installed node is not installed again. E2E has further
# arguments for Tests/E2E/run: --lab FILE for another lab, --without-disk 2 for one with RAID, --fresh, --firmware uefi,
# --cards reverse, --layout lvm, --used lvm,raid, --from late-command.
ROAD = pxe
E2E =
e2e: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/run $(E2E) $(XENSEED) .e2e $(ROAD)

# Checks what a node shows when its installation fails. It needs `make e2e` with the same ROAD and E2E before.
NODE = xen01
e2e-trials: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/trials $(E2E) $(XENSEED) .e2e $(ROAD) $(NODE)

# Compares the time, the traffic and the packages of an installation with those of a minimal handwritten preseed. Both
# machines are installed at the same time.
e2e-cost: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/cost $(E2E) $(XENSEED) .e2e pxe

# Installs two nodes that replicate a guest, and lets the guest move, a node fail and return, and nodes restart (Tests/E2E/migrate).
# It takes an hour and a half without KVM; nodes that are installed already are only started. STEPS selects some of its steps.
STEPS =
e2e-migrate: build e2e-packages e2e-qemu
	$(E2E_TOOLS) Tests/E2E/migrate --recommends no $(E2E) $(XENSEED) .e2e $(ROAD) $(STEPS)

# Builds a QEMU that needs a third of the time without KVM.
E2E_TOOLS = $(SUDO) env PATH="$(CURDIR)/.e2e/qemu/bin:$$PATH"
e2e-qemu: e2e-packages
	$(SUDO) Tests/E2E/qemu .e2e

# Boots a lab from the network with a real libvirt, in namespaces of its own, until the installers have their preseeds. It takes
# some minutes without KVM.
libvirt-test: build libvirt-packages
	$(SUDO) env PATH="$$PATH" Tests/Libvirt/try $(XENSEED)

# Runs the linter for some seconds on the inputs that libFuzzer derives from the tests' preseeds; findings are kept in
# .build-fuzz/.
SECONDS = 60
fuzz: build-packages
	Tests/Fuzz/run .build-fuzz $(SECONDS)

# All checks that a change has to pass.
check: lint spelling lab lab-check docs-test test

# Runs the commands in the documentation that need neither machines nor root, and checks its links. Tests compare the generated
# pages with the program.
docs-test: build docs-packages
	Tests/Docs/links
	Tests/Docs/run $(XENSEED)

# Takes the picture of the page of `xenseed serve` in README.md.
screenshot: build test-packages
	Tests/Docs/screenshot $(XENSEED) docs/images/page.png

# Checks the spelling of documentation, messages and comments. Words to ignore are in .codespellrc. Tests have mistakes by intent.
spelling: docs-packages
	codespell *.md .ci docs Sources templates Containerfile Makefile Package.swift

# Builds the documentation of the library Preseed in .build/docc.
docc: build-packages
	$(SWIFT) package --allow-writing-to-directory .build/docc generate-documentation --target Preseed --warnings-as-errors \
		--output-path .build/docc

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests templates

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests templates

schema: build
	$(XENSEED) schema > Sources/Lab/Reader/lab.schema.json

# Regenerates the pages of docs/reference that are derived from the program.
reference: build
	.build/debug/reference $(XENSEED) .

world: test-packages
	mkdir -p $(WORLD)
	$(SUDO) Tests/World/target-root $(WORLD)/root

# Installs VirtualBox from Debian sid in a directory of its own, where it runs without its kernel module.
virtualbox-root: virtualbox-packages
	mkdir -p .build-virtualbox
	$(SUDO) Tests/VirtualBox/root .build-virtualbox/root

# Tests the script for VirtualBox with the real VBoxManage, which can't start machines without its kernel module.
virtualbox-test: build virtualbox-root
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter VirtualBoxTests

# Starts the reference lab from CD and from the network in the real VirtualBox, with its interpreter. It takes a quarter of an
# hour.
virtualbox-start-test: build test-packages virtualbox-start-packages virtualbox-root
	$(SWIFT) build --build-tests
	$(SUDO) env PATH="$$PATH" $(SWIFT) test --skip-build --filter VirtualBoxStartTests

bench: release bench-packages
	Tests/Bench/run .build/release/xenseed

# No other program calls into this one. The dynamic loader starts it faster without the exported symbols.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib -Xlinker --no-export-dynamic --product
release: build-packages
	$(RELEASE) xenseed

# Builds a package for Debian 12 and 13 in .build/. deb-install installs it on this machine; deb-test installs it in clean
# root directories of both releases and uses it there.
DEB = .build/xenseed_$$(.build/release/xenseed --version)_$$(dpkg --print-architecture).deb
deb: release deb-packages
	$(RELEASE) generate-manual
	Sources/xenseed/Debian/deb .build/release/xenseed .build/release/generate-manual .build

deb-install: deb
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --reinstall "./$(DEB)"

deb-test: deb deb-test-packages
	Sources/xenseed/Debian/try-install .build/release/xenseed .build/release/generate-manual
	$(SUDO) Sources/xenseed/Debian/try "$(DEB)" bookworm
	$(SUDO) Sources/xenseed/Debian/try "$(DEB)" trixie

# Installs without a package: the program, its man pages, its documentation, its completions and the unit of its server.
PREFIX = /usr/local
DESTDIR =
install: release
	$(RELEASE) generate-manual
	Sources/xenseed/Debian/install-files .build/release/xenseed .build/release/generate-manual "$(DESTDIR)" "$(PREFIX)"

# Builds the image of Containerfile, for CI, with the package.
CONTAINER = podman
container: deb
	$(CONTAINER) build --file Containerfile --tag xenseed .

# The package targets query dpkg first, so that nothing is downloaded if all packages are installed.
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

libvirt-packages:
	@for package in $(LIBVIRT_PACKAGES); do $(MISSING); done; $(INSTALL)

deb-test-packages:
	@for package in $(DEB_TEST_PACKAGES); do $(MISSING); done; $(INSTALL)

docs-packages:
	@for package in $(DOCS_PACKAGES); do $(MISSING); done; $(INSTALL)

bench-packages:
	@for package in $(BENCH_PACKAGES); do $(MISSING); done; $(INSTALL)

MISSING = [ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null)" = installed ] \
	|| missing="$$missing $$package"
INSTALL = [ -z "$$missing" ] || { $(SUDO) apt-get -q update \
	&& $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $$missing; }

# Regenerates the catalogue of debconf questions from Debian's mirror.
catalogue: e2e-packages
	Sources/Preseed/Releases/Catalogue/rebuild .build-catalogue

clean:
	rm -rf .build

.PHONY: release lab lab-check build test media-test boot-test virtualbox-test virtualbox-start-test libvirt-test e2e e2e-trials e2e-migrate e2e-cost e2e-qemu check docs-test screenshot spelling docc lint format schema reference world virtualbox-root bench deb deb-install deb-test install container catalogue fuzz build-packages test-packages e2e-packages virtualbox-packages virtualbox-start-packages libvirt-packages deb-packages deb-test-packages docs-packages bench-packages clean
