// swift-format-ignore-file
/// Debconf questions; README.md beside this file says where they are from.
let questionTable = #"""
releases	owner	component	question	type	default	choices	priority	certainty
jessie	adduser	adduser	adduser/homedir-permission	boolean	true		medium	read
jessie,bookworm,trixie	d-i	anna	anna/choose_modules	multiselect		*	medium	read
jessie,bookworm,trixie	d-i	anna	anna/choose_modules_lowmem	multiselect		*	high	read
jessie,bookworm,trixie	d-i	anna	anna/install_failed	error			critical	read
jessie,bookworm,trixie	d-i	anna	anna/no_kernel_modules	boolean	false		critical	read
jessie,bookworm,trixie	d-i	anna	anna/retriever	string				read
jessie,bookworm,trixie	d-i	anna	anna/standard_modules	boolean	true			read
bookworm,trixie	apparmor	apparmor	apparmor/homedirs	string			medium	read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/confirm	boolean	false			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/email-address	string	root			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/email-format	select	text	text|html		read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/frontend	select	pager	pager|browser|xterm-pager|xterm-browser|gtk|text|mail|none		read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/headers	boolean	false			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/no-network	boolean	false			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/reverse	boolean	false			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/save-seen	boolean	true			read
bookworm,trixie	apt-listchanges	apt-listchanges	apt-listchanges/which	select	news	news|changelogs|both		read
jessie,trixie	d-i	apt-cdrom-setup	apt-setup/cdrom/failed	error			critical	read
bookworm	d-i	apt-cdrom-setup	apt-setup/cdrom/failed	error			critical	near
jessie,trixie	d-i	apt-cdrom-setup	apt-setup/cdrom/set-double	boolean	true		critical	read
bookworm	d-i	apt-cdrom-setup	apt-setup/cdrom/set-double	boolean	true		critical	near
jessie,trixie	d-i	apt-cdrom-setup	apt-setup/cdrom/set-failed	boolean	true		critical	read
bookworm	d-i	apt-cdrom-setup	apt-setup/cdrom/set-failed	boolean	true		critical	near
jessie,trixie	d-i	apt-cdrom-setup	apt-setup/cdrom/set-first	boolean	false		high	read
bookworm	d-i	apt-cdrom-setup	apt-setup/cdrom/set-first	boolean	false		high	near
jessie,trixie	d-i	apt-cdrom-setup	apt-setup/cdrom/set-next	boolean	false		critical	read
bookworm	d-i	apt-cdrom-setup	apt-setup/cdrom/set-next	boolean	false		critical	near
jessie,trixie	d-i	apt-mirror-setup	apt-setup/contrib	boolean	false		low	read
bookworm	d-i	apt-mirror-setup	apt-setup/contrib	boolean	false		low	near
bookworm	d-i	apt-cdrom-setup	apt-setup/disable-cdrom-entries	boolean	false			near
trixie	d-i	apt-cdrom-setup	apt-setup/disable-cdrom-entries	boolean	false			read
bookworm	d-i	apt-setup-udeb	apt-setup/enable-source-repositories	boolean	true		low	near
trixie	d-i	apt-setup-udeb	apt-setup/enable-source-repositories	boolean	true		low	read
jessie,trixie	d-i	apt-setup-udeb	apt-setup/local/key-error	select	Retry	Retry|Ignore	critical	read
bookworm	d-i	apt-setup-udeb	apt-setup/local/key-error	select	Retry	Retry|Ignore	critical	near
jessie,trixie	d-i	apt-setup-udeb	apt-setup/local0/comment	string				read
bookworm	d-i	apt-setup-udeb	apt-setup/local0/comment	string				near
jessie,trixie	d-i	apt-setup-udeb	apt-setup/local0/key	string				read
bookworm	d-i	apt-setup-udeb	apt-setup/local0/key	string				near
bookworm	d-i	apt-setup-udeb	apt-setup/local0/options	string				near
trixie	d-i	apt-setup-udeb	apt-setup/local0/options	string				read
jessie,trixie	d-i	apt-setup-udeb	apt-setup/local0/repository	string				read
bookworm	d-i	apt-setup-udeb	apt-setup/local0/repository	string				near
jessie,trixie	d-i	apt-setup-udeb	apt-setup/local0/source	boolean				read
bookworm	d-i	apt-setup-udeb	apt-setup/local0/source	boolean				near
jessie,trixie	d-i	apt-mirror-setup	apt-setup/mirror/error	select	Retry	Retry|Change mirror|Ignore	critical	read
bookworm	d-i	apt-mirror-setup	apt-setup/mirror/error	select	Retry	Retry|Change mirror|Ignore	critical	near
jessie	d-i	apt-setup-udeb	apt-setup/multiarch	string	@MULTIARCH@			read
bookworm	d-i	apt-setup-udeb	apt-setup/multiarch	string				near
trixie	d-i	apt-setup-udeb	apt-setup/multiarch	string				read
jessie,trixie	d-i	apt-mirror-setup	apt-setup/no_mirror	boolean	false		critical	read
bookworm	d-i	apt-mirror-setup	apt-setup/no_mirror	boolean	false		critical	near
jessie,trixie	d-i	apt-mirror-setup	apt-setup/non-free	boolean	false		low	read
bookworm	d-i	apt-mirror-setup	apt-setup/non-free	boolean	false		low	near
bookworm	d-i	apt-mirror-setup	apt-setup/non-free-firmware	boolean	false		low	near
trixie	d-i	apt-mirror-setup	apt-setup/non-free-firmware	boolean	false		low	read
jessie,trixie	d-i	apt-setup-udeb	apt-setup/security_host	string	security.debian.org			read
bookworm	d-i	apt-setup-udeb	apt-setup/security_host	string	security.debian.org			near
jessie,trixie	d-i	apt-setup-udeb	apt-setup/service-failed	error			critical	read
bookworm	d-i	apt-setup-udeb	apt-setup/service-failed	error			critical	near
jessie,trixie	d-i	apt-setup-udeb	apt-setup/services-select	multiselect	security, updates	security|updates|backports	medium	read
bookworm	d-i	apt-setup-udeb	apt-setup/services-select	multiselect	security, updates	security|updates|backports	medium	near
jessie,trixie	d-i	apt-mirror-setup	apt-setup/use_mirror	boolean			high|medium|low	read
bookworm	d-i	apt-mirror-setup	apt-setup/use_mirror	boolean			high|medium|low	near
jessie,bookworm,trixie	d-i	env-preseed	auto-install/classes	string				read
trixie	d-i	network-preseed	auto-install/cloak_initrd_preseed	boolean	false			read
jessie	d-i	network-preseed	auto-install/defaultroot	string	d-i/jessie/./preseed.cfg			read
bookworm	d-i	network-preseed	auto-install/defaultroot	string	d-i/bookworm/./preseed.cfg			read
trixie	d-i	network-preseed	auto-install/defaultroot	string	d-i/trixie/./preseed.cfg			read
jessie,bookworm,trixie	d-i	network-preseed	auto-install/enable	boolean	false			read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/cannot_install	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap-failed	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error-abnormal	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error-exitcode	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/couldntdl	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/invalidrel	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/missingrelentry	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/nogetrel	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/nogetrelsig	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/error/unknownrelsig	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/fallback-error	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap/fallback-warning	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap_script	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/debootstrap_variant	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/excludes	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/includes	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/initramfs-tools/driver-policy	select		most|dep	medium	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/initramfs/generator	select		*		read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/initramfs/unsupported	error				read
jessie,bookworm,trixie	d-i	base-installer	base-installer/install-recommends	boolean	true			read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/altmeta	text				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/failed-install	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/failed-package-install	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/image	select		*|none	critical|high|medium	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/linux/extra-packages	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/linux/extra-packages-2.6	string				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/linux/initramfs-tools/driver-policy	string	most			read
bookworm,trixie	d-i	base-installer	base-installer/kernel/linux/initrd	boolean				read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/linux/initrd-2.6	boolean	true			read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/linux/link_in_boot	boolean	false			read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/no-kernels-found	error			critical	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/kernel/skip-install	boolean	false		high	read
jessie,bookworm,trixie	d-i	bootstrap-base	base-installer/no_codename	error			critical	read
jessie,bookworm,trixie	d-i	base-installer	base-installer/no_target_mounted	error			critical	read
jessie,bookworm,trixie	d-i	base-installer	base-installer/unclean_target_cancel	error			critical	read
jessie,bookworm,trixie	d-i	base-installer	base-installer/use_unclean_target	boolean	true		high	read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/group-add	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/group-change-gid	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/group-move	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/group-remove	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-add	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-change-gecos	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-change-gid	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-change-home	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-change-shell	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-change-uid	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-move	boolean	true			read
jessie,bookworm,trixie	base-passwd	base-passwd	base-passwd/user-remove	boolean	true			read
jessie,bookworm,trixie	ca-certificates	ca-certificates	ca-certificates/enable_crts	multiselect		*	low	read
jessie,bookworm,trixie	ca-certificates	ca-certificates	ca-certificates/new_crts	multiselect		*	critical	read
jessie,bookworm,trixie	ca-certificates	ca-certificates	ca-certificates/trust_new_crts	select	yes	yes|no|ask	medium	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/askmount	note			critical	near
trixie	d-i	cdrom-checker	cdrom-checker/askmount	note			critical	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/firstcd	note			high	near
trixie	d-i	cdrom-checker	cdrom-checker/firstcd	note			high	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/md5file_failed	error			high	near
trixie	d-i	cdrom-checker	cdrom-checker/md5file_failed	error			high	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/mismatch	error			high	near
trixie	d-i	cdrom-checker	cdrom-checker/mismatch	error			high	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/mntfailed	error			high	near
trixie	d-i	cdrom-checker	cdrom-checker/mntfailed	error			high	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/nextcd	boolean	false		high	near
trixie	d-i	cdrom-checker	cdrom-checker/nextcd	boolean	false		high	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/passed	note			critical	near
trixie	d-i	cdrom-checker	cdrom-checker/passed	note			critical	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/start	boolean	false		critical	near
trixie	d-i	cdrom-checker	cdrom-checker/start	boolean	false		critical	read
jessie,bookworm	d-i	cdrom-checker	cdrom-checker/wrongcd	error			high	near
trixie	d-i	cdrom-checker	cdrom-checker/wrongcd	error			high	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/cdrom_device	string	/dev/cdrom		critical	near
trixie	d-i	cdrom-detect	cdrom-detect/cdrom_device	string	/dev/cdrom		critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/cdrom_fs	string	iso9660			near
trixie	d-i	cdrom-detect	cdrom-detect/cdrom_fs	string	iso9660			read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/cdrom_module	select	none	*	critical	near
trixie	d-i	cdrom-detect	cdrom-detect/cdrom_module	select	none	*	critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/eject	boolean	true			near
trixie	d-i	cdrom-detect	cdrom-detect/eject	boolean	true			read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/hybrid	boolean	false			near
trixie	d-i	cdrom-detect	cdrom-detect/hybrid	boolean	false			read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/load_media	boolean	true		critical	near
trixie	d-i	cdrom-detect	cdrom-detect/load_media	boolean	true		critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/manual_config	boolean	true		critical	near
trixie	d-i	cdrom-detect	cdrom-detect/manual_config	boolean	true		critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/no-release	error			critical	near
trixie	d-i	cdrom-detect	cdrom-detect/no-release	error			critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/retry	boolean	true		critical	near
trixie	d-i	cdrom-detect	cdrom-detect/retry	boolean	true		critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/success	note			low	near
trixie	d-i	cdrom-detect	cdrom-detect/success	note			low	read
bookworm	d-i	cdrom-detect	cdrom-detect/unetbootin_detected	note			critical	near
trixie	d-i	cdrom-detect	cdrom-detect/unetbootin_detected	note			critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/usb-hdd	boolean	false			near
trixie	d-i	cdrom-detect	cdrom-detect/usb-hdd	boolean	false			read
jessie,bookworm	d-i	cdrom-detect	cdrom-detect/wrong-cd	error			critical	near
trixie	d-i	cdrom-detect	cdrom-detect/wrong-cd	error			critical	read
jessie,bookworm	d-i	cdrom-detect	cdrom/codename	string				near
trixie	d-i	cdrom-detect	cdrom/codename	string				read
jessie,bookworm	d-i	cdrom-detect	cdrom/suite	select		stable|testing|unstable		near
trixie	d-i	cdrom-detect	cdrom/suite	select		stable|testing|unstable		read
jessie,bookworm	d-i	clock-setup	clock-setup/hwclock-wait	boolean	false		critical	near
trixie	d-i	clock-setup	clock-setup/hwclock-wait	boolean	false		critical	read
jessie,bookworm	d-i	clock-setup	clock-setup/ntp	boolean	true		medium	near
trixie	d-i	clock-setup	clock-setup/ntp	boolean	true		medium	read
jessie,bookworm	d-i	clock-setup	clock-setup/ntp-server	string	0.debian.pool.ntp.org		low	near
trixie	d-i	clock-setup	clock-setup/ntp-server	string	0.debian.pool.ntp.org		low	read
jessie,bookworm	d-i	clock-setup	clock-setup/system-time-changed	boolean	false			near
trixie	d-i	clock-setup	clock-setup/system-time-changed	boolean	false			read
jessie,bookworm	d-i	clock-setup	clock-setup/utc	boolean	true		high|low	near
trixie	d-i	clock-setup	clock-setup/utc	boolean	true		high|low	read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/charmap47	select		*	high|low	read
jessie	console-setup	console-setup	console-setup/codeset47	select		. Arabic|# Armenian|# Cyrillic - KOI8-R and KOI8-U|# Cyrillic - non-Slavic languages|# Cyrillic - Slavic languages (also Bosnian and Serbian Latin)|. Ethiopic|# Georgian|# Greek|# Hebrew|# Lao|# Latin1 and Latin5 - western Europe and Turkic languages|# Latin2 - central Europe and Romanian|# Latin3 and Latin8 - Chichewa; Esperanto; Irish; Maltese and Welsh|# Latin7 - Lithuanian; Latvian; Maori and Marshallese|. Latin - Vietnamese|# Thai|. Combined - Latin; Slavic Cyrillic; Hebrew; basic Arabic|. Combined - Latin; Slavic Cyrillic; Greek|. Combined - Latin; Slavic and non-Slavic Cyrillic|Guess optimal character set	high|low	read
bookworm,trixie	console-setup	console-setup	console-setup/codeset47	select		. Arabic|# Armenian|# Cyrillic - KOI8-R and KOI8-U|# Cyrillic - non-Slavic languages|. Cyrillic - non-Slavic languages (for blind users)|# Cyrillic - Slavic languages (also Bosnian and Serbian Latin)|. Cyrillic - Slavic languages (for blind users)|. Ethiopic|# Georgian|# Greek|. Greek (for blind users)|# Hebrew|# Lao|# Latin1 and Latin5 - western Europe and Turkic languages|# Latin2 - central Europe and Romanian|# Latin3 and Latin8 - Chichewa; Esperanto; Irish; Maltese and Welsh|# Latin7 - Lithuanian; Latvian; Maori and Marshallese|. Latin - Vietnamese|# Thai|. Combined - Latin; Slavic Cyrillic; Hebrew; basic Arabic|. Combined - Latin; Slavic Cyrillic; Greek|. Combined - Latin; Slavic and non-Slavic Cyrillic|Guess optimal character set	high|low	read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/codesetcode	string				read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/fontface47	select		*	medium	read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/fontsize	string				read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/fontsize-fb47	select		*	medium	read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/fontsize-text47	select		*	medium	read
jessie,bookworm,trixie	console-setup	console-setup	console-setup/store_defaults_in_debconf_db	boolean	true			read
bookworm,trixie	cryptsetup-initramfs	cryptsetup-initramfs	cryptsetup-initramfs/prerm_active_mappings	boolean	true		high	read
trixie	dash	dash	dash/ineffectivediversion	error			critical	read
jessie	dash	dash	dash/sh	boolean	true		high|low	read
jessie,bookworm,trixie	d-i	cdebconf-udeb	debconf/frontend	string				read
jessie,bookworm,trixie	d-i	cdebconf-udeb	debconf/language	string	en			read
jessie	d-i	cdebconf-udeb	debconf/priority	select	high	critical|high|medium|low		read
bookworm,trixie	d-i	cdebconf-udeb	debconf/priority	select	high	critical|high|medium|low	critical	read
jessie,bookworm,trixie	d-i	cdebconf-udeb	debconf/showold	boolean	false			read
jessie,bookworm,trixie	d-i	cdebconf-udeb	debconf/translations-dropped	boolean	false			read
jessie,bookworm,trixie	d-i	di-utils	debian-installer/add-kernel-opts	string				read
jessie	d-i	rootskel	debian-installer/allow_unauthenticated	boolean	false			near
bookworm,trixie	d-i	rootskel	debian-installer/allow_unauthenticated	boolean	false			read
jessie	d-i	rootskel	debian-installer/allow_unauthenticated_ssl	boolean	false			near
bookworm,trixie	d-i	rootskel	debian-installer/allow_unauthenticated_ssl	boolean	false			read
jessie	d-i	localechooser	debian-installer/consoledisplay	string				near
bookworm,trixie	d-i	localechooser	debian-installer/consoledisplay	string				read
jessie	d-i	localechooser	debian-installer/country	string				near
bookworm,trixie	d-i	localechooser	debian-installer/country	string				read
bookworm	d-i	depthcharge-tools-installer	debian-installer/depthcharge-tools-installer/title	note				near
trixie	d-i	depthcharge-tools-installer	debian-installer/depthcharge-tools-installer/title	note				read
jessie,bookworm,trixie	d-i	di-utils	debian-installer/dummy	string				read
jessie	d-i	rootskel	debian-installer/exit/always_halt	boolean	false			near
bookworm,trixie	d-i	rootskel	debian-installer/exit/always_halt	boolean	false			read
jessie	d-i	rootskel	debian-installer/exit/halt	boolean	false			near
bookworm,trixie	d-i	rootskel	debian-installer/exit/halt	boolean	false			read
jessie	d-i	rootskel	debian-installer/exit/poweroff	boolean	false			near
bookworm,trixie	d-i	rootskel	debian-installer/exit/poweroff	boolean	false			read
jessie	d-i	rootskel	debian-installer/framebuffer	boolean	true			near
bookworm,trixie	d-i	rootskel	debian-installer/framebuffer	boolean	true			read
jessie	d-i	localechooser	debian-installer/language	string				near
bookworm,trixie	d-i	localechooser	debian-installer/language	string				read
jessie	d-i	localechooser	debian-installer/locale	select		*	low	near
bookworm,trixie	d-i	localechooser	debian-installer/locale	select		*	low	read
jessie	d-i	main-menu	debian-installer/main-menu	select	${DEFAULT}	*	critical|high|medium|low	near
bookworm,trixie	d-i	main-menu	debian-installer/main-menu	select	${DEFAULT}	*	critical|high|medium|low	read
jessie	d-i	main-menu	debian-installer/main-menu/item-failure	error			critical	near
bookworm,trixie	d-i	main-menu	debian-installer/main-menu/item-failure	error			critical	read
jessie	d-i	main-menu	debian-installer/missing-provide	select	${DEFAULT}	*	critical|medium	near
bookworm,trixie	d-i	main-menu	debian-installer/missing-provide	select	${DEFAULT}	*	critical|medium	read
bookworm,trixie	d-i	usb-discover	debian-installer/probe/usb	boolean	true			read
jessie,bookworm,trixie	d-i	di-utils	debian-installer/terminal-plugin-unavailable	error			critical	read
jessie	d-i	rootskel	debian-installer/theme	string				near
bookworm,trixie	d-i	rootskel	debian-installer/theme	string				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/board	string				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/board	string				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/build_image	error			critical	near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/build_image	error			critical	read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/check_parts	error			critical	near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/check_parts	error			critical	read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/failed-package-install	error			critical	near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/failed-package-install	error			critical	read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/write_image	error			critical	near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/error/write_image	error			critical	read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/initramfs_too_big	boolean			critical	near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/initramfs_too_big	boolean			critical	read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress	note				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/build_image	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/build_image	note				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/check_parts	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/check_parts	note				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/install_tools	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/install_tools	note				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/update_initramfs	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/update_initramfs	note				read
bookworm	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/write_image	note				near
trixie	d-i	depthcharge-tools-installer	depthcharge-tools-installer/progress/write_image	note				read
jessie,bookworm,trixie	d-i	di-utils-reboot	di-utils-reboot/really_reboot	boolean	false		critical	read
jessie,bookworm,trixie	d-i	di-utils-shell	di-utils-shell/do-shell	note			high	read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/debconf_database_corruption	error				read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/default-ispell	select		*|Manual symlink setting		read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/default-wordlist	select		*|Manual symlink setting		read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/invalid_debconf_value	error				read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/ispell-autobuildhash-message	note				read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/old_wordlist_link	boolean	true			read
bookworm,trixie	dictionaries-common	dictionaries-common	dictionaries-common/selecting_ispell_wordlist_default	note				read
bookworm,trixie	discover	discover	discover/install_hw_packages	multiselect		*	medium	read
jessie,bookworm	d-i	disk-detect	disk-detect/cannot_find	error			high	near
trixie	d-i	disk-detect	disk-detect/cannot_find	error			high	read
jessie	d-i	disk-detect	disk-detect/dmraid/enable	boolean	false			near
jessie,bookworm	d-i	disk-detect	disk-detect/module_select	select	continue with no disk drive	continue with no disk drive|*|none of the above	high	near
trixie	d-i	disk-detect	disk-detect/module_select	select	continue with no disk drive	continue with no disk drive|*|none of the above	high	read
jessie,bookworm	d-i	disk-detect	disk-detect/multipath/enable	boolean	false			near
trixie	d-i	disk-detect	disk-detect/multipath/enable	boolean	false			read
bookworm,trixie	dma	dma	dma/mailname	string			high	read
bookworm,trixie	dma	dma	dma/relayhost	string			high	read
jessie,bookworm	d-i	driver-injection-disk-detect	driver-injection-disk/load	boolean	true		medium	near
trixie	d-i	driver-injection-disk-detect	driver-injection-disk/load	boolean	true		medium	read
jessie	d-i	elilo-installer	elilo-installer/apt-install-failed	boolean	true		critical	near
jessie	d-i	elilo-installer	elilo-installer/bootpart	select		*	critical|medium	near
jessie	d-i	elilo-installer	elilo-installer/failed	error			critical	near
jessie	d-i	elilo-installer	elilo-installer/no-bootpart	error			critical	near
bookworm	d-i	espeakup-udeb	espeakup/card	string				near
trixie	d-i	espeakup-udeb	espeakup/card	string				read
bookworm	d-i	espeakup-udeb	espeakup/voice	string				near
trixie	d-i	espeakup-udeb	espeakup/voice	string				read
jessie	d-i	ethdetect	ethdetect/cannot_find	error			high	near
bookworm,trixie	d-i	ethdetect	ethdetect/cannot_find	error			high	read
jessie	d-i	ethdetect	ethdetect/module_select	select	no ethernet card	no ethernet card|*|none of the above	high	near
bookworm,trixie	d-i	ethdetect	ethdetect/module_select	select	no ethernet card	no ethernet card|*|none of the above	high	read
jessie	d-i	ethdetect	ethdetect/prompt_missing_firmware	boolean	true			near
bookworm,trixie	d-i	ethdetect	ethdetect/prompt_missing_firmware	boolean	true			read
jessie	d-i	ethdetect	ethdetect/use_firewire_ethernet	boolean	false		high	near
bookworm,trixie	d-i	ethdetect	ethdetect/use_firewire_ethernet	boolean	false		high	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_eximconfig_configtype	select	local delivery only; not on a network	internet site; mail is sent and received directly using SMTP|mail sent by smarthost; received via SMTP or fetchmail|mail sent by smarthost; no local mail|local delivery only; not on a network|no configuration at this time	medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_local_interfaces	string	notset		medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_localdelivery	select	mbox format in /var/mail/	mbox format in /var/mail/|Maildir format in home directory	medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_minimaldns	boolean	false		medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_other_hostnames	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_postmaster	string			medium	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_readhost	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_relay_domains	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_relay_nets	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/dc_smarthost	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/hide_mailname	boolean			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/mailname	string			medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/no_config	boolean	true		medium|low	read
bookworm,trixie	exim4-config	exim4-config	exim4/use_split_config	boolean			medium|low	read
jessie,bookworm	d-i	finish-install	finish-install/keep-consoles	boolean	false			near
trixie	d-i	finish-install	finish-install/keep-consoles	boolean	false			read
jessie,bookworm	d-i	finish-install	finish-install/reboot_in_progress	note			critical	near
trixie	d-i	finish-install	finish-install/reboot_in_progress	note			critical	read
bookworm,trixie	fontconfig-config	fontconfig-config	fontconfig/enable_bitmaps	boolean	false		low	read
bookworm,trixie	fontconfig-config	fontconfig-config	fontconfig/hinting_style	select	hintslight	hintnone|hintslight|hintmedium|hintfull	low	read
bookworm,trixie	fontconfig-config	fontconfig-config	fontconfig/hinting_type	select	Native	Native|Autohinter|None	low	read
bookworm,trixie	fontconfig-config	fontconfig-config	fontconfig/subpixel_rendering	select	Automatic	Automatic|Always|Never	low	read
jessie,bookworm,trixie	libc6	libc6	glibc/disable-screensaver	error			critical	read
bookworm,trixie	libc6	libc6	glibc/kernel-not-supported	note			critical	read
bookworm,trixie	libc6	libc6	glibc/kernel-too-old	error			critical	read
jessie,bookworm,trixie	libc6	libc6	glibc/restart-failed	error			critical	read
jessie,bookworm,trixie	libc6	libc6	glibc/restart-services	string			critical	read
jessie,bookworm,trixie	libc6	libc6	glibc/upgrade	boolean	true		critical	read
jessie,trixie	d-i	grub-installer	grub-installer/apt-install-failed	error			critical	read
bookworm	d-i	grub-installer	grub-installer/apt-install-failed	error			critical	near
jessie,trixie	d-i	grub-installer	grub-installer/bootdev	string			critical	read
bookworm	d-i	grub-installer	grub-installer/bootdev	string			critical	near
jessie,trixie	d-i	grub-installer	grub-installer/choose_bootdev	select		manual|*	high	read
bookworm	d-i	grub-installer	grub-installer/choose_bootdev	select		manual|*	high	near
bookworm	d-i	grub-installer	grub-installer/enable_os_prober_otheros_no	boolean	false		low	near
trixie	d-i	grub-installer	grub-installer/enable_os_prober_otheros_no	boolean	false		low	read
bookworm	d-i	grub-installer	grub-installer/enable_os_prober_otheros_yes	boolean	true		low	near
trixie	d-i	grub-installer	grub-installer/enable_os_prober_otheros_yes	boolean	true		low	read
jessie,trixie	d-i	grub-installer	grub-installer/force-efi-extra-removable	boolean	false		high|low	read
bookworm	d-i	grub-installer	grub-installer/force-efi-extra-removable	boolean	false		high|low	near
jessie,trixie	d-i	grub-installer	grub-installer/grub-install-failed	error			critical	read
bookworm	d-i	grub-installer	grub-installer/grub-install-failed	error			critical	near
jessie	d-i	grub-installer	grub-installer/grub2_instead_of_grub_legacy	boolean	true			read
jessie,trixie	d-i	grub-installer	grub-installer/grub_not_mature_on_this_platform	boolean	false		low	read
bookworm	d-i	grub-installer	grub-installer/grub_not_mature_on_this_platform	boolean	false		low	near
jessie,trixie	d-i	grub-installer	grub-installer/make_active	boolean	true			read
bookworm	d-i	grub-installer	grub-installer/make_active	boolean	true			near
jessie,trixie	d-i	grub-installer	grub-installer/mounterr	error			critical	read
bookworm	d-i	grub-installer	grub-installer/mounterr	error			critical	near
jessie	d-i	grub-installer	grub-installer/multipath	boolean	true		high	read
jessie	d-i	grub-installer	grub-installer/multipath-error	error			critical	read
jessie,trixie	d-i	grub-installer	grub-installer/only_debian	boolean	true		high	read
bookworm	d-i	grub-installer	grub-installer/only_debian	boolean	true		high	near
jessie	d-i	grub-installer	grub-installer/password	password			critical|low	read
bookworm	d-i	grub-installer	grub-installer/password	password				near
trixie	d-i	grub-installer	grub-installer/password	password				read
jessie	d-i	grub-installer	grub-installer/password-again	password			critical|low	read
bookworm	d-i	grub-installer	grub-installer/password-again	password				near
trixie	d-i	grub-installer	grub-installer/password-again	password				read
jessie,trixie	d-i	grub-installer	grub-installer/password-crypted	password				read
bookworm	d-i	grub-installer	grub-installer/password-crypted	password				near
jessie	d-i	grub-installer	grub-installer/password-mismatch	error			critical	read
bookworm	d-i	grub-installer	grub-installer/password-mismatch	error				near
trixie	d-i	grub-installer	grub-installer/password-mismatch	error				read
jessie	d-i	grub-installer	grub-installer/sataraid	boolean	true		high	read
jessie	d-i	grub-installer	grub-installer/sataraid-error	error			critical	read
jessie,trixie	d-i	grub-installer	grub-installer/skip	boolean	false			read
bookworm	d-i	grub-installer	grub-installer/skip	boolean	false			near
jessie,trixie	d-i	grub-installer	grub-installer/update-grub-failed	error			critical	read
bookworm	d-i	grub-installer	grub-installer/update-grub-failed	error			critical	near
bookworm	d-i	grub-installer	grub-installer/update-nvram	boolean	true		high|low	near
trixie	d-i	grub-installer	grub-installer/update-nvram	boolean	true		high|low	read
jessie,trixie	d-i	grub-installer	grub-installer/with_other_os	boolean	true		high	read
bookworm	d-i	grub-installer	grub-installer/with_other_os	boolean	true		high	near
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/chainload_from_menu.lst	boolean	true		high	read
jessie	grub-pc	grub-pc	grub-pc/hidden_timeout	boolean	@DEFAULT_HIDDEN_TIMEOUT_BOOL@			read
bookworm,trixie	grub-pc	grub-pc	grub-pc/hidden_timeout	boolean	false			read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/install_devices	multiselect		*	critical|high	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/install_devices_disks_changed	multiselect		*	critical|high	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/install_devices_empty	boolean	false		critical	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/install_devices_failed	boolean	false		critical	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/install_devices_failed_upgrade	boolean	true		critical	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/kopt_extracted	boolean	false			read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/mixed_legacy_and_grub2	boolean	true		critical	read
jessie,bookworm,trixie	grub-pc	grub-pc	grub-pc/postrm_purge_boot_grub	boolean	false		high	read
jessie	grub-pc	grub-pc	grub-pc/timeout	string	@DEFAULT_TIMEOUT@			read
bookworm,trixie	grub-pc	grub-pc	grub-pc/timeout	string	5			read
jessie	grub-pc	grub-pc	grub2/device_map_regenerated	note			critical	read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/enable_os_prober	boolean	false		low	read
jessie	grub-pc	grub-pc	grub2/force_efi_extra_removable	boolean	false		low	read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/force_efi_extra_removable	boolean	false		low	read
jessie	grub-pc	grub-pc	grub2/kfreebsd_cmdline	string				read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/kfreebsd_cmdline	string				read
jessie	grub-pc	grub-pc	grub2/kfreebsd_cmdline_default	string	@DEFAULT_CMDLINE@			read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/kfreebsd_cmdline_default	string	quiet			read
jessie	grub-pc	grub-pc	grub2/linux_cmdline	string			high|medium	read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/linux_cmdline	string			high|medium	read
jessie	grub-pc	grub-pc	grub2/linux_cmdline_default	string	@DEFAULT_CMDLINE@		medium	read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/linux_cmdline_default	string	quiet		medium	read
bookworm,trixie	grub-efi-amd64	grub-efi-amd64	grub2/update_nvram	boolean	true		low	read
bookworm,trixie	d-i	hw-detect	hw-detect/firmware-lookup	text				read
jessie	d-i	hw-detect	hw-detect/load-ide	boolean	false			near
bookworm,trixie	d-i	hw-detect	hw-detect/load-ide	boolean	false			read
jessie	d-i	hw-detect	hw-detect/load_firmware	boolean	true		high	near
bookworm,trixie	d-i	hw-detect	hw-detect/load_firmware	boolean	true		high	read
jessie	d-i	hw-detect	hw-detect/load_media	boolean	false		critical	near
bookworm,trixie	d-i	hw-detect	hw-detect/load_media	boolean	false		critical	read
jessie	d-i	hw-detect	hw-detect/modprobe_error	error			critical|medium	near
bookworm,trixie	d-i	hw-detect	hw-detect/modprobe_error	error			critical|medium	read
jessie	d-i	hw-detect	hw-detect/pcmcia_resources	string			low	near
bookworm,trixie	d-i	hw-detect	hw-detect/pcmcia_resources	string			low	read
jessie	d-i	hw-detect	hw-detect/retry_params	string			critical	near
bookworm,trixie	d-i	hw-detect	hw-detect/retry_params	string			critical	read
jessie	d-i	hw-detect	hw-detect/select_modules	multiselect		*	medium	near
bookworm,trixie	d-i	hw-detect	hw-detect/select_modules	multiselect		*	medium	read
jessie	d-i	hw-detect	hw-detect/start_pcmcia	boolean	true			near
bookworm,trixie	d-i	hw-detect	hw-detect/start_pcmcia	boolean	true			read
bookworm,trixie	d-i	initrd-kickseed	initrd-kickseed/nfs-mount-failed	error			high	read
bookworm,trixie	d-i	initrd-kickseed	initrd-kickseed/wget-failed	error			high	read
bookworm,trixie	iproute2	iproute2	iproute2/setcaps	boolean	false		low	read
bookworm,trixie	iptables-persistent	iptables-persistent	iptables-persistent/autosave_v4	boolean	true		high	read
bookworm,trixie	iptables-persistent	iptables-persistent	iptables-persistent/autosave_v6	boolean	true		high	read
bookworm,trixie	isc-dhcp-server	isc-dhcp-server	isc-dhcp-server/interfaces	string			low	read
jessie,bookworm	d-i	iso-scan	iso-scan/ask_right_iso	boolean	true			near
trixie	d-i	iso-scan	iso-scan/ask_right_iso	boolean	true			read
jessie,bookworm	d-i	iso-scan	iso-scan/ask_second_pass	boolean	false		critical|high	near
trixie	d-i	iso-scan	iso-scan/ask_second_pass	boolean	false		critical|high	read
jessie,bookworm	d-i	iso-scan	iso-scan/ask_which_iso	select		*|Full search	critical|high|medium	near
trixie	d-i	iso-scan	iso-scan/ask_which_iso	select		*|Full search	critical|high|medium	read
jessie,bookworm	d-i	iso-scan	iso-scan/bad-isos	error			critical	near
trixie	d-i	iso-scan	iso-scan/bad-isos	error			critical	read
bookworm	d-i	iso-scan	iso-scan/copy_iso_to_ram	boolean	false		low	near
trixie	d-i	iso-scan	iso-scan/copy_iso_to_ram	boolean	false		low	read
jessie,bookworm	d-i	iso-scan	iso-scan/no-isos	error			critical	near
trixie	d-i	iso-scan	iso-scan/no-isos	error			critical	read
jessie,bookworm	d-i	iso-scan	iso-scan/other-isos	error			critical	near
trixie	d-i	iso-scan	iso-scan/other-isos	error			critical	read
jessie,bookworm	d-i	iso-scan	iso-scan/success	note			medium	near
trixie	d-i	iso-scan	iso-scan/success	note			medium	read
bookworm,trixie	kdump-tools	kdump-tools	kdump-tools/use_kdump	boolean	true		high	read
bookworm	kexec-tools	kexec-tools	kexec-tools/load_kexec	boolean	true		high	read
bookworm,trixie	kexec-tools	kexec-tools	kexec-tools/use_grub_config	boolean	false		medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/altgr	select	Right Alt (AltGr)	The default for the keyboard layout|No AltGr key|Right Alt (AltGr)|Right Control|Right Logo key|Menu key|Left Alt|Left Logo key|Keypad Enter key|Both Logo keys|Both Alt keys	medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/compose	select	No compose key	No compose key|Right Alt (AltGr)|Right Control|Right Logo key|Menu key|Left Logo key|Caps Lock	medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/ctrl_alt_bksp	boolean	false		medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/layout	select		*	critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/layoutcode	string				read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/model	select		*	critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/modelcode	string				read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/optionscode	string				read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/store_defaults_in_debconf_db	boolean	true			read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/switch	select	No temporary switch	No temporary switch|Both Logo keys|Right Alt (AltGr)|Right Logo key|Left Alt|Left Logo key	medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/toggle	select	Alt+Shift	Caps Lock|Right Alt (AltGr)|Right Control|Right Shift|Right Logo key|Menu key|Alt+Shift|Control+Shift|Control+Alt|Alt+Caps Lock|Left Control+Left Shift|Left Alt|Left Control|Left Shift|Left Logo key|Scroll Lock key|No toggling	high	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/unsupported_config_layout	boolean	true		critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/unsupported_config_options	boolean	true		critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/unsupported_layout	boolean	true		critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/unsupported_options	boolean	true		critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/variant	select		*	critical|medium	read
jessie,bookworm,trixie	d-i	console-setup-udeb	keyboard-configuration/variantcode	string				read
jessie	d-i	console-setup-udeb	keyboard-configuration/xkb-keymap	select		us|al|ara|es(ast)|bd|by|in(ben)|be|ba|br|gb|bg|bg(phonetic)|mm|ca|ca(multi)|es(cat)|cn|hr|cz|dk|nl|us(dvorak)|bt|epo|ee|et|fi|fr(latin9)|ge|de|gr|in(guj)|in(jhelum)|il|in|hu|is|ie|it|jp|in(kan)|kz|kh|kg|kr(kr104)|tr(ku_f)|tr(ku)|la|latam|lv|lt|mk|in(mal)|np|no(smi)|no|ir|ph|pl|pt|in(guru)|ro|ru|rs(latin)|pk(snd)|lk|sk|si|es|se|ch(fr)|ch|tj|in(tam)|in(tel)|th|cn(tib)|tr(f)|tr|ua|cn(ug)|vn	critical	read
bookworm	d-i	console-setup-udeb	keyboard-configuration/xkb-keymap	select		us|al|ara|es(ast)|bd|by|in(ben)|be|dz(la)|ba|br|gb|bg|bg(phonetic)|mm|ca|ca(multi)|es(cat)|cn|hr|cz|dk|nl|us(dvorak)|bt|epo|ee|et|fi|fr(latin9)|ge|de|gr|in(guj)|in(jhelum)|il|in|hu|is|ie|it|jp|in(kan)|kz|kh|kg|kr(kr104)|tr(ku_f)|tr(ku)|la|latam|lv|lt|mk|in(mal)|np|no(smi)|no|ir|ph|pl|pt|in(guru)|ro|ru|rs|pk(snd)|lk|sk|si|es|se|ch(fr)|ch|tj|in(tam)|in(tel)|th|cn(tib)|tr(f)|tr|ua|cn(ug)|vn	critical	read
trixie	d-i	console-setup-udeb	keyboard-configuration/xkb-keymap	select		us|al|ara|es(ast)|bd|by|in(ben)|be|dz|ba|br|gb|bg|bg(phonetic)|mm|ca|ca(multix)|es(cat)|cn|hr|cz|dk|nl|us(dvorak)|bt|epo|ee|et|fi|fr(latin9)|ge|de|gr|in(guj)|in(jhelum)|il|in|hu|is|ie|it|jp|in(kan)|kz|kh|kg|kr(kr104)|tr(ku_f)|tr(ku)|la|latam|lv|lt|mk|in(mal)|np|no(smi)|no|ir|ph|pl|pt|in(guru)|ro|ru|rs|pk(snd)|lk|sk|si|es|se|ch(fr)|ch|tj|in(tam)|in(tel)|th|cn(tib)|tr(f)|tr|tw(indigenous)|ua|cn(ug)|vn	critical	read
jessie	libpam-modules	libpam-modules	libpam-modules/disable-screensaver	error			critical	read
jessie,bookworm,trixie	libpam-runtime	libpam-runtime	libpam-runtime/conflicts	error				read
jessie,bookworm,trixie	libpam-runtime	libpam-runtime	libpam-runtime/no_profiles_chosen	error				read
jessie,bookworm,trixie	libpam-runtime	libpam-runtime	libpam-runtime/override	boolean	false			read
jessie,bookworm,trixie	libpam-runtime	libpam-runtime	libpam-runtime/profiles	multiselect		*		read
jessie,bookworm,trixie	libpam0g	libpam0g	libpam0g/restart-failed	error			critical	read
jessie,bookworm,trixie	libpam0g	libpam0g	libpam0g/restart-services	string			critical	read
jessie,bookworm,trixie	libpam0g	libpam0g	libpam0g/xdm-needs-restart	error			critical	read
jessie,bookworm,trixie	libc6	libc6	libraries/restart-without-asking	boolean	false		critical	read
jessie	libssl1.0.0	libssl1.0.0	libssl1.0.0/restart-failed	error				read
jessie	libssl1.0.0	libssl1.0.0	libssl1.0.0/restart-services	string				read
jessie	d-i	lilo-installer	lilo-installer/activate-part	boolean	true		high	near
jessie	d-i	lilo-installer	lilo-installer/apt-install-failed	boolean	true		critical	near
jessie	d-i	lilo-installer	lilo-installer/bootdev	select		*|*|Other choice (Advanced)	high	near
jessie	d-i	lilo-installer	lilo-installer/bootdev_raid	select		*|Other choice (Advanced)		near
jessie	d-i	lilo-installer	lilo-installer/failed	error			critical	near
jessie	d-i	lilo-installer	lilo-installer/manual_bootdev	string			critical	near
jessie	d-i	lilo-installer	lilo-installer/manual_bootdev_error	error			critical	near
jessie	d-i	lilo-installer	lilo-installer/serial-console	note			medium	near
jessie	d-i	lilo-installer	lilo-installer/skip	boolean	false			near
bookworm,trixie	linux-base	linux-base	linux-base/removing-running-kernel	boolean	true			read
bookworm,trixie	d-i	live-installer	live-installer/enable	boolean	true			read
bookworm,trixie	d-i	live-installer	live-installer/mode	select	normal	normal|live	low	read
jessie	d-i	localechooser	localechooser/continentlist	select		Africa|Antarctica|Asia|Atlantic Ocean|Caribbean|Central America|Europe|Indian Ocean|North America|Oceania|South America|other	critical|high|medium	near
bookworm,trixie	d-i	localechooser	localechooser/continentlist	select		Africa|Antarctica|Asia|Atlantic Ocean|Caribbean|Central America|Europe|Indian Ocean|North America|Oceania|South America	critical|high|medium	read
jessie	d-i	localechooser	localechooser/countrylist/Africa	select		DZ|AO|BJ|BW|BF|BI|CV|CM|CF|TD|CG|CD|CI|DJ|EG|GQ|ER|SZ|ET|GA|GM|GH|GN|GW|KE|LS|LR|LY|MW|ML|MR|MA|MZ|NA|NE|NG|RW|ST|SN|SL|SO|ZA|SS|SD|TZ|TG|TN|UG|EH|ZM|ZW	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Africa	select		DZ|AO|BJ|BW|BF|BI|CV|CM|CF|TD|CG|CD|CI|DJ|EG|GQ|ER|SZ|ET|GA|GM|GH|GN|GW|KE|LS|LR|LY|MW|ML|MR|MA|MZ|NA|NE|NG|RW|ST|SN|SL|SO|ZA|SS|SD|TZ|TG|TN|UG|EH|ZM|ZW	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Antarctica	select		AQ	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Antarctica	select		AQ	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Asia	select		AF|BH|BD|BT|BN|KH|CN|HK|IN|ID|IR|IQ|IL|JP|JO|KZ|KW|KG|LA|LB|MO|MY|MN|MM|NP|KP|OM|PK|PS|PH|QA|SA|SG|KR|LK|SY|TW|TJ|TH|TL|TM|TR|AE|UZ|VN|YE	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Asia	select		AF|BH|BD|BT|BN|KH|CN|HK|IN|ID|IR|IQ|IL|JP|JO|KZ|KW|KG|LA|LB|MO|MY|MN|MM|NP|KP|OM|PK|PS|PH|QA|SA|SG|KR|LK|SY|TW|TJ|TH|TL|TM|TR|AE|UZ|VN|YE	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Atlantic_Ocean	select		BV|FK|SH|GS	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Atlantic_Ocean	select		BV|FK|SH|GS	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Caribbean	select		AI|AG|AW|BS|BB|BM|BQ|KY|CU|DM|DO|GD|GP|HT|JM|MQ|MS|PR|BL|KN|LC|MF|VC|SX|TT|TC|VG|VI	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Caribbean	select		AI|AG|AW|BS|BB|BM|BQ|KY|CU|CW|DM|DO|GD|GP|HT|JM|MQ|MS|PR|BL|KN|LC|MF|VC|SX|TT|TC|VG|VI	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Central_America	select		BZ|CR|SV|GT|HN|NI|PA	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Central_America	select		BZ|CR|SV|GT|HN|NI|PA	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Europe	select		AL|AD|AM|AT|AZ|BY|BE|BA|BG|HR|CY|CZ|DK|EE|FO|FI|FR|GE|DE|GI|GR|GL|GG|VA|HU|IS|IE|IM|IT|JE|LV|LI|LT|LU|MT|MD|MC|ME|NL|MK|NO|PL|PT|RO|RU|SM|RS|SK|SI|ES|SJ|SE|CH|UA|GB|AX	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Europe	select		AL|AD|AM|AT|AZ|BY|BE|BA|BG|HR|CY|CZ|DK|EE|FO|FI|FR|GE|DE|GI|GR|GL|GG|VA|HU|IS|IE|IM|IT|JE|LV|LI|LT|LU|MT|MD|MC|ME|NL|MK|NO|PL|PT|RO|RU|SM|RS|SK|SI|ES|SJ|SE|CH|UA|GB|AX	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Indian_Ocean	select		IO|CX|CC|KM|TF|HM|MG|MV|MU|YT|RE|SC	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Indian_Ocean	select		IO|CX|CC|KM|TF|HM|MG|MV|MU|YT|RE|SC	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/North_America	select		CA|MX|PM|US	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/North_America	select		CA|MX|PM|US	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/Oceania	select		AS|AU|CK|FJ|PF|GU|KI|MH|FM|NR|NC|NZ|NU|NF|MP|PW|PG|PN|WS|SB|TK|TO|TV|UM|VU|WF	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/Oceania	select		AS|AU|CK|FJ|PF|GU|KI|MH|FM|NR|NC|NZ|NU|NF|MP|PW|PG|PN|WS|SB|TK|TO|TV|UM|VU|WF	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/South_America	select		AR|BO|BR|CL|CO|EC|GF|GY|PY|PE|SR|UY|VE	critical|high	near
bookworm,trixie	d-i	localechooser	localechooser/countrylist/South_America	select		AR|BO|BR|CL|CO|EC|GF|GY|PY|PE|SR|UY|VE	critical|high	read
jessie	d-i	localechooser	localechooser/countrylist/other	select		CW	critical|high	near
jessie	d-i	localechooser	localechooser/help/locale	note				near
bookworm,trixie	d-i	localechooser	localechooser/help/locale	note				read
jessie	d-i	localechooser	localechooser/languagelist	select	en	*	critical	near
bookworm,trixie	d-i	localechooser	localechooser/languagelist	select	en	*	critical	read
jessie	d-i	localechooser	localechooser/preferred-locale	select		*	high|medium	near
bookworm,trixie	d-i	localechooser	localechooser/preferred-locale	select		*	high|medium	read
jessie	d-i	localechooser	localechooser/shortlist	select		*|other	critical	near
bookworm,trixie	d-i	localechooser	localechooser/shortlist	select		*	critical	read
jessie	d-i	localechooser	localechooser/shortlist/ar	select		SY|JO|AE|BH|DZ|SA|SD|IQ|KW|MA|IN|YE|TN|SS|OM|QA|LB|LY|EG|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/ar	select		SY|JO|AE|BH|DZ|SA|SD|IQ|KW|MA|IN|YE|TN|SS|OM|QA|LB|LY|EG|other		read
jessie	d-i	localechooser	localechooser/shortlist/bn	select		BD|IN|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/bn	select		BD|IN|other		read
jessie	d-i	localechooser	localechooser/shortlist/bo	select		CN|IN|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/bo	select		CN|IN|other		read
jessie	d-i	localechooser	localechooser/shortlist/ca	select		AD|ES|FR|IT|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/ca	select		AD|ES|FR|IT|other		read
jessie	d-i	localechooser	localechooser/shortlist/de	select		BE|DE|IT|LI|LU|CH|AT|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/de	select		BE|DE|IT|LI|LU|CH|AT|other		read
jessie	d-i	localechooser	localechooser/shortlist/el	select		GR|CY|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/el	select		GR|CY|other		read
jessie	d-i	localechooser	localechooser/shortlist/en	select		AG|AU|BW|CA|HK|IN|IE|IL|NZ|NG|PH|SC|SG|ZA|GB|US|ZM|ZW|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/en	select		AG|AU|BW|CA|HK|IN|IE|IL|NZ|NG|PH|SC|SG|ZA|GB|US|ZM|ZW|other		read
jessie	d-i	localechooser	localechooser/shortlist/es	select		AR|BO|CL|CO|CR|CU|EC|SV|ES|US|GT|HN|MX|NI|PA|PY|PE|PR|DO|UY|VE|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/es	select		AR|BO|CL|CO|CR|CU|EC|SV|ES|US|GT|HN|MX|NI|PA|PY|PE|PR|DO|UY|VE|other		read
jessie	d-i	localechooser	localechooser/shortlist/eu	select		ES|FR|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/eu	select		ES|FR|other		read
jessie	d-i	localechooser	localechooser/shortlist/fr	select		BE|CA|FR|LU|CH|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/fr	select		BE|CA|FR|LU|CH|other		read
jessie	d-i	localechooser	localechooser/shortlist/it	select		IT|CH|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/it	select		IT|CH|other		read
jessie	d-i	localechooser	localechooser/shortlist/nl	select		AW|BE|NL|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/nl	select		AW|BE|NL|other		read
jessie	d-i	localechooser	localechooser/shortlist/pa	select		PK|IN|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/pa	select		PK|IN|other		read
jessie	d-i	localechooser	localechooser/shortlist/pt	select		BR|PT|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/pt	select		BR|PT|other		read
jessie	d-i	localechooser	localechooser/shortlist/pt_BR	select		BR|PT|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/pt_BR	select		BR|PT|other		read
jessie	d-i	localechooser	localechooser/shortlist/ru	select		RU|UA|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/ru	select		RU|UA|other		read
jessie	d-i	localechooser	localechooser/shortlist/sq	select		MK|AL|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/sq	select		MK|AL|other		read
jessie	d-i	localechooser	localechooser/shortlist/sr	select		RS|ME|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/sr	select		RS|ME|other		read
jessie	d-i	localechooser	localechooser/shortlist/sv	select		FI|SE|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/sv	select		FI|SE|other		read
jessie	d-i	localechooser	localechooser/shortlist/ta	select		IN|LK|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/ta	select		IN|LK|other		read
jessie	d-i	localechooser	localechooser/shortlist/tr	select		CY|TR|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/tr	select		CY|TR|other		read
jessie	d-i	localechooser	localechooser/shortlist/zh_CN	select		CN|TW|SG|HK|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/zh_CN	select		CN|TW|SG|HK|other		read
jessie	d-i	localechooser	localechooser/shortlist/zh_TW	select		CN|SG|TW|HK|other		near
bookworm,trixie	d-i	localechooser	localechooser/shortlist/zh_TW	select		CN|SG|TW|HK|other		read
jessie	d-i	localechooser	localechooser/supported-locales	multiselect		*	low	near
bookworm,trixie	d-i	localechooser	localechooser/supported-locales	multiselect		*	low	read
jessie	d-i	localechooser	localechooser/translation/no-select	note			high	near
bookworm,trixie	d-i	localechooser	localechooser/translation/no-select	note			high	read
jessie	d-i	localechooser	localechooser/translation/none-yet	note			high	near
bookworm,trixie	d-i	localechooser	localechooser/translation/none-yet	note			high	read
jessie	d-i	localechooser	localechooser/translation/warn-light	boolean	true		high	near
bookworm,trixie	d-i	localechooser	localechooser/translation/warn-light	boolean	true		high	read
jessie	d-i	localechooser	localechooser/translation/warn-severe	boolean	false		high	near
bookworm,trixie	d-i	localechooser	localechooser/translation/warn-severe	boolean	false		high	read
jessie	locales	locales	locales/default_environment_locale	select	None	None|C.UTF-8|*	medium	near
bookworm,trixie	locales	locales	locales/default_environment_locale	select	None	None|C.UTF-8|*	medium	read
jessie	locales	locales	locales/locales_to_be_generated	multiselect		All locales|*	medium	near
bookworm,trixie	locales	locales	locales/locales_to_be_generated	multiselect		All locales|*	medium	read
jessie	d-i	lowmemcheck	lowmem/insufficient	error			critical	near
bookworm,trixie	d-i	lowmemcheck	lowmem/insufficient	error			critical	read
jessie	d-i	lowmemcheck	lowmem/low	note			critical	near
bookworm,trixie	d-i	lowmemcheck	lowmem/low	note			critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/activevg	boolean	true		critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/activevg	boolean	true		critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_error	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_error	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_exists	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_exists	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_name	string			critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_name	string			critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_nofreevg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_nofreevg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_nonamegiven	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_nonamegiven	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_novg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_novg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_size	string			critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_size	string			critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvcreate_vgnames	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvcreate_vgnames	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvdelete_error	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvdelete_error	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvdelete_lvnames	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvdelete_lvnames	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvdelete_nolv	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvdelete_nolv	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvdelete_novg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvdelete_novg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvdelete_vgnames	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvdelete_vgnames	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/lvmenu	select		Create logical volumes|Delete logical volumes|Leave	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/lvmenu	select		Create logical volumes|Delete logical volumes|Leave	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/mainmenu	select		Modify volume groups (VG)|Modify logical volumes (LV)|Leave	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/mainmenu	select		Modify volume groups (VG)|Modify logical volumes (LV)|Leave	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/nolvm	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/nolvm	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/nopartitions	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/nopartitions	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_devnameused	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_devnameused	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_name	string			critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_name	string			critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_nameused	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_nameused	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_nonamegiven	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_nonamegiven	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_nosel	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_nosel	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgcreate_parts	multiselect		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgcreate_parts	multiselect		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgdelete_confirm	boolean	true		critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgdelete_confirm	boolean	true		critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgdelete_error	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgdelete_error	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgdelete_names	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgdelete_names	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgdelete_novg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgdelete_novg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgextend_error	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgextend_error	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgextend_names	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgextend_names	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgextend_nosel	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgextend_nosel	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgextend_novg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgextend_novg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgextend_parts	multiselect		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgextend_parts	multiselect		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgmenu	select		Create volume groups|Delete volume groups|Extend volume groups|Reduce volume groups|Leave	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgmenu	select		Create volume groups|Delete volume groups|Extend volume groups|Reduce volume groups|Leave	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgreduce_error	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgreduce_error	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgreduce_minpv	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgreduce_minpv	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgreduce_names	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgreduce_names	select		*	critical	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgreduce_novg	error			high	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgreduce_novg	error			high	read
bookworm	d-i	lvmcfg-utils	lvmcfg/vgreduce_parts	select		*	critical	near
trixie	d-i	lvmcfg-utils	lvmcfg/vgreduce_parts	select		*	critical	read
jessie,bookworm,trixie	man-db	man-db	man-db/auto-update	boolean	true			read
jessie,bookworm,trixie	man-db	man-db	man-db/install-setuid	boolean	false		medium	read
jessie	mdadm	mdadm	mdadm/autocheck	boolean	true		medium	near
bookworm,trixie	mdadm	mdadm	mdadm/autocheck	boolean	true		medium	read
bookworm,trixie	mdadm	mdadm	mdadm/autoscan	boolean	true		medium	read
trixie	mdadm	mdadm	mdadm/init-system-not-systemd	note			high	read
jessie	mdadm	mdadm	mdadm/mail_to	string	root		medium	near
bookworm,trixie	mdadm	mdadm	mdadm/mail_to	string	root		medium	read
jessie	mdadm	mdadm	mdadm/start_daemon	boolean	true		medium	near
bookworm,trixie	mdadm	mdadm	mdadm/start_daemon	boolean	true		medium	read
bookworm	d-i	mdcfg-utils	mdcfg/createmain	select		RAID0|RAID1|RAID5|RAID6|RAID10|Cancel	critical	near
trixie	d-i	mdcfg-utils	mdcfg/createmain	select		RAID0|RAID1|RAID5|RAID6|RAID10|Cancel	critical	read
bookworm	d-i	mdcfg-utils	mdcfg/delete_no_md	error			high	near
trixie	d-i	mdcfg-utils	mdcfg/delete_no_md	error			high	read
bookworm	d-i	mdcfg-utils	mdcfg/deletefailed	error			critical	near
trixie	d-i	mdcfg-utils	mdcfg/deletefailed	error			critical	read
bookworm	d-i	mdcfg-utils	mdcfg/deletemenu	select		*|Cancel	critical	near
trixie	d-i	mdcfg-utils	mdcfg/deletemenu	select		*|Cancel	critical	read
bookworm	d-i	mdcfg-utils	mdcfg/deleteverify	boolean	false		critical	near
trixie	d-i	mdcfg-utils	mdcfg/deleteverify	boolean	false		critical	read
bookworm	d-i	mdcfg-utils	mdcfg/mainmenu	select		Create MD device|Delete MD device|Finish	critical	near
trixie	d-i	mdcfg-utils	mdcfg/mainmenu	select		Create MD device|Delete MD device|Finish	critical	read
bookworm	d-i	mdcfg-utils	mdcfg/nomd	error			critical|high	near
trixie	d-i	mdcfg-utils	mdcfg/nomd	error			critical|high	read
bookworm	d-i	mdcfg-utils	mdcfg/noparts	error			critical	near
trixie	d-i	mdcfg-utils	mdcfg/noparts	error			critical	read
bookworm	d-i	mdcfg-utils	mdcfg/notenoughparts	error			critical	near
trixie	d-i	mdcfg-utils	mdcfg/notenoughparts	error			critical	read
bookworm	d-i	mdcfg-utils	mdcfg/raid0devs	multiselect		*	critical	near
trixie	d-i	mdcfg-utils	mdcfg/raid0devs	multiselect		*	critical	read
bookworm	d-i	mdcfg-utils	mdcfg/raid10layout	string			low	near
trixie	d-i	mdcfg-utils	mdcfg/raid10layout	string			low	read
bookworm	d-i	mdcfg-utils	mdcfg/raiddevcount	string			critical	near
trixie	d-i	mdcfg-utils	mdcfg/raiddevcount	string			critical	read
bookworm	d-i	mdcfg-utils	mdcfg/raiddevs	multiselect		*	critical	near
trixie	d-i	mdcfg-utils	mdcfg/raiddevs	multiselect		*	critical	read
bookworm	d-i	mdcfg-utils	mdcfg/raidsparecount	string			critical	near
trixie	d-i	mdcfg-utils	mdcfg/raidsparecount	string			critical	read
bookworm	d-i	mdcfg-utils	mdcfg/raidsparedevs	multiselect		*	critical	near
trixie	d-i	mdcfg-utils	mdcfg/raidsparedevs	multiselect		*	critical	read
jessie	d-i	choose-mirror-bin	mirror/bad	error			critical	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/bad	error			critical	read
jessie	d-i	choose-mirror-bin	mirror/codename	string				near
bookworm,trixie	d-i	choose-mirror-bin	mirror/codename	string				read
jessie	d-i	choose-mirror-bin	mirror/country	string				near
bookworm,trixie	d-i	choose-mirror-bin	mirror/country	string				read
jessie	d-i	choose-mirror-bin	mirror/ftp/directory	string	/debian/			near
bookworm,trixie	d-i	choose-mirror-bin	mirror/ftp/directory	string	/debian/			read
jessie	d-i	choose-mirror-bin	mirror/ftp/hostname	string	mirror			near
bookworm,trixie	d-i	choose-mirror-bin	mirror/ftp/hostname	string	mirror			read
jessie	d-i	choose-mirror-bin	mirror/ftp/proxy	string				near
bookworm,trixie	d-i	choose-mirror-bin	mirror/ftp/proxy	string				read
jessie	d-i	choose-mirror-bin	mirror/http/countries	select	US	manual	high	near
bookworm	d-i	choose-mirror-bin	mirror/http/countries	select	US	manual|AR|AM|AU|AT|BY|BE|BR|BG|KH|CA|CL|CN|CR|HR|CZ|DK|EE|FI|FR|GE|DE|GR|HK|HU|IS|IN|ID|IR|IL|IT|JP|KZ|KE|LV|LT|LU|MX|MD|MA|NL|NC|NZ|MK|NO|PL|PT|RO|RU|RE|RS|SG|SK|SI|ZA|KR|ES|SE|CH|TW|TH|TR|UA|GB|US|UY|VN	high	read
trixie	d-i	choose-mirror-bin	mirror/http/countries	select	US	manual|AR|AU|AT|AZ|BD|BY|BE|BR|BG|KH|CA|CL|CN|CR|HR|CZ|DK|EE|FI|FR|GE|DE|GR|HK|HU|IS|IN|ID|IL|IT|JP|KZ|KE|LV|LT|LU|MX|MD|MA|NL|NC|NZ|MK|NO|PL|PT|PR|RO|RU|RE|SG|SK|SI|ZA|KR|ES|SE|CH|TW|TH|TR|UA|GB|US|UY|VN	high	read
jessie	d-i	choose-mirror-bin	mirror/http/directory	string	/debian/		critical	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/http/directory	string	/debian/		critical	read
jessie	d-i	choose-mirror-bin	mirror/http/hostname	string	mirror		critical	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/http/hostname	string	deb.debian.org		critical	read
jessie	d-i	choose-mirror-bin	mirror/http/mirror	select		*	high	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/http/mirror	select	deb.debian.org	*	high	read
jessie	d-i	choose-mirror-bin	mirror/http/proxy	string			high	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/http/proxy	string			high	read
jessie	d-i	choose-mirror-bin	mirror/https/countries	select	US	manual	high	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/https/countries	select	US	manual	high	read
bookworm,trixie	d-i	choose-mirror-bin	mirror/https/directory	string	/debian/		critical	read
bookworm,trixie	d-i	choose-mirror-bin	mirror/https/hostname	string	deb.debian.org		critical	read
bookworm,trixie	d-i	choose-mirror-bin	mirror/https/mirror	select	deb.debian.org	*	high	read
bookworm,trixie	d-i	choose-mirror-bin	mirror/https/proxy	string			high	read
jessie	d-i	choose-mirror-bin	mirror/no-default	boolean	true		critical	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/no-default	boolean	true		critical	read
jessie	d-i	choose-mirror-bin	mirror/noarch	error			critical	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/noarch	error			critical	read
jessie	d-i	choose-mirror-bin	mirror/protocol	select	http	http|ftp	medium	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/protocol	select	http	*	medium	read
jessie	d-i	choose-mirror-bin	mirror/suite	select		*	critical|medium	near
bookworm,trixie	d-i	choose-mirror-bin	mirror/suite	select		*	critical|medium	read
jessie,bookworm,trixie	d-i	net-retriever	mirror/udeb/suite	string				read
bookworm,trixie	msmtp	msmtp	msmtp/apparmor	boolean	false		high	read
bookworm,trixie	msmtp	msmtp	msmtp/security-information	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/bad_ipaddress	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/bad_link_wait_timeout	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/choose_interface	select		*	critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/confirm_static	boolean	true		medium	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/dhcp_failed	note			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/dhcp_hostname	string			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/dhcp_options	select	Configure network manually	Retry network autoconfiguration|Retry network autoconfiguration with a DHCP hostname|Configure network manually|*|Do not configure the network at this time	critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/dhcp_timeout	string	25			read
jessie,bookworm,trixie	d-i	netcfg	netcfg/dhcpv6_timeout	string	15			read
jessie,bookworm,trixie	d-i	netcfg	netcfg/disable_autoconfig	boolean	false			read
jessie,bookworm,trixie	d-i	netcfg	netcfg/disable_dhcp	boolean	false			read
jessie,bookworm,trixie	d-i	netcfg	netcfg/enable	boolean	true			read
jessie,bookworm,trixie	d-i	netcfg	netcfg/error	error			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/gateway_unreachable	error			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_domain	string			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_gateway	string			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_hostname	string	debian		high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_ipaddress	string			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_nameservers	string			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_netmask	string			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/get_pointopoint	string			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/hostname	string				read
jessie,bookworm,trixie	d-i	netcfg	netcfg/invalid_essid	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/invalid_hostname	error			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/invalid_pass	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/invalid_wep	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/kill_switch_enabled	note			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/link_wait_timeout	string	3		low	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/no_default_route	boolean			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/no_dhcp_client	error			critical	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/no_interfaces	error			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/no_ipv6_pointopoint	error			high	read
jessie,bookworm	d-i	netcfg	netcfg/target_network_config	select		nm_config|ifupdown|loopback		read
trixie	d-i	netcfg	netcfg/target_network_config	select		netplan|nm_config|ifupdown|loopback		read
jessie,bookworm,trixie	d-i	netcfg	netcfg/use_autoconfig	boolean	true		medium	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_adhoc_managed	select	Infrastructure (Managed) network	Infrastructure (Managed) network|Ad-hoc network (Peer to peer)		read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_essid	string			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_essid_again	string			high	read
jessie	d-i	netcfg	netcfg/wireless_security_type	select		wep/open|wpa	high	read
bookworm,trixie	d-i	netcfg	netcfg/wireless_security_type	select	wpa	wep/open|wpa	high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_show_essids	select		*	high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_wep	string			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wireless_wpa	string			high	read
jessie,bookworm,trixie	d-i	netcfg	netcfg/wpa_supplicant_failed	note			critical	read
jessie,bookworm	d-i	network-console	network-console/authorized_keys_fetch_failure	error			critical	near
trixie	d-i	network-console	network-console/authorized_keys_fetch_failure	error			critical	read
jessie,bookworm	d-i	network-console	network-console/authorized_keys_url	string				near
trixie	d-i	network-console	network-console/authorized_keys_url	string				read
jessie,bookworm	d-i	network-console	network-console/login	select	Start menu	Start installer|Start installer (expert mode)|Start shell	critical	near
trixie	d-i	network-console	network-console/login	select	Start menu	Start installer|Start installer (expert mode)|Start shell	critical	read
jessie,bookworm	d-i	network-console	network-console/password	password			critical	near
trixie	d-i	network-console	network-console/password	password			critical	read
jessie,bookworm	d-i	network-console	network-console/password-again	password			high	near
trixie	d-i	network-console	network-console/password-again	password			high	read
jessie,bookworm	d-i	network-console	network-console/password-empty	error			critical	near
trixie	d-i	network-console	network-console/password-empty	error			critical	read
jessie,bookworm	d-i	network-console	network-console/password-mismatch	error			critical	near
trixie	d-i	network-console	network-console/password-mismatch	error			critical	read
jessie,bookworm	d-i	network-console	network-console/start	note			critical	near
trixie	d-i	network-console	network-console/start	note			critical	read
jessie,bookworm	d-i	nobootloader	nobootloader/confirmation_common	note			critical|high	near
trixie	d-i	nobootloader	nobootloader/confirmation_common	note			critical|high	read
jessie,bookworm	d-i	nobootloader	nobootloader/confirmation_powerpc_chrp_pegasos	note			critical|high	near
trixie	d-i	nobootloader	nobootloader/confirmation_powerpc_chrp_pegasos	note			critical|high	read
jessie,bookworm	d-i	nobootloader	nobootloader/confirmation_powerpc_pasemi	note			critical|high	near
trixie	d-i	nobootloader	nobootloader/confirmation_powerpc_pasemi	note			critical|high	read
jessie,bookworm	d-i	nobootloader	nobootloader/mounterr	error			critical	near
trixie	d-i	nobootloader	nobootloader/mounterr	error			critical	read
bookworm,trixie	nullmailer	nullmailer	nullmailer/adminaddr	string			medium	read
bookworm,trixie	nullmailer	nullmailer	nullmailer/defaultdomain	string				read
bookworm,trixie	nullmailer	nullmailer	nullmailer/relayhost	string			high	read
bookworm,trixie	openssh-server	openssh-server	openssh-server/password-authentication	boolean	true			read
jessie	openssh-server	openssh-server	openssh-server/permit-root-login	boolean	true			near
bookworm,trixie	openssh-server	openssh-server	openssh-server/permit-root-login	boolean	true			read
bookworm,trixie	d-i	partman-auto-crypto	partman-auto-crypto/erase_disks	boolean	true			read
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/bad_guided_size	error			high	read
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/big_guided_size	error			high	read
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/guided_size	string	some number		high	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/new_vg_name	string			medium	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/new_vg_name	string			medium	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/new_vg_name_exists	string				near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/new_vg_name_exists	string				read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/no_boot	boolean			critical	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/no_boot	boolean			critical	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/no_pv_in_vg	error			critical	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/no_pv_in_vg	error			critical	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/no_such_pv	error			critical	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/no_such_pv	error			critical	read
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/small_guided_size	error			high	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/unusable_recipe	error			critical	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/unusable_recipe	error			critical	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/vg_create_error	error			critical	near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/vg_create_error	error			critical	read
jessie	d-i	partman-auto-lvm	partman-auto-lvm/vg_exists	error				near
bookworm,trixie	d-i	partman-auto-lvm	partman-auto-lvm/vg_exists	error				read
jessie,bookworm	d-i	partman-auto-raid	partman-auto-raid/error	error			critical	near
trixie	d-i	partman-auto-raid	partman-auto-raid/error	error			critical	read
jessie,bookworm	d-i	partman-auto-raid	partman-auto-raid/notenoughparts	error			critical	near
trixie	d-i	partman-auto-raid	partman-auto-raid/notenoughparts	error			critical	read
jessie,bookworm	d-i	partman-auto-raid	partman-auto-raid/raidnum	string				near
trixie	d-i	partman-auto-raid	partman-auto-raid/raidnum	string				read
jessie,bookworm	d-i	partman-auto-raid	partman-auto-raid/recipe	string				near
trixie	d-i	partman-auto-raid	partman-auto-raid/recipe	string				read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/automatically_partition	select		*	critical	read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/autopartitioning_failed	error			critical	read
bookworm	d-i	partman-auto	partman-auto/cap-ram	string	1024			read
trixie	d-i	partman-auto	partman-auto/cap-ram	string	false			read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/choose_recipe	select		*	high	read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/disk	string				read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/expert_recipe	string				read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/expert_recipe_file	string				read
trixie	d-i	partman-auto	partman-auto/help	note				read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/init_automatically_partition	select		*	critical	read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/method	string				read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/no_recipe	error			critical	read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/select_disk	select		*	critical	read
jessie,bookworm,trixie	d-i	partman-auto	partman-auto/unusable_space	error			critical	read
jessie	d-i	partman-base	partman-base/devicelocked	error			critical	near
bookworm,trixie	d-i	partman-base	partman-base/devicelocked	error			critical	read
jessie	d-i	partman-base	partman-base/partlocked	error			critical	near
bookworm,trixie	d-i	partman-base	partman-base/partlocked	error			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/bad_mountpoint	error			high	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/bad_mountpoint	error			high	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/boot_not_ext2	boolean			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/boot_not_ext2	boolean			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/boot_not_first_partition	boolean			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/boot_not_first_partition	boolean			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/check_failed	boolean			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/check_failed	boolean			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/choose_label	string			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/choose_label	string			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/create_failed	error			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/create_failed	error			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/create_swap_failed	error			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/create_swap_failed	error			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/fat_mountpoint	select		/dos|/windows|Enter manually|Do not mount it	critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/fat_mountpoint	select		/dos|/windows|Enter manually|Do not mount it	critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/mountoptions	multiselect		*	critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/mountoptions	multiselect		*	critical	read
jessie	d-i	partman-basicfilesystems	partman-basicfilesystems/mountpoint	select		/ - the root file system|/boot - static files of the boot loader|/home - user home directories|/tmp - temporary files|/usr - static data|/var - variable data|/srv - data for services provided by this system|/opt - add-on application software packages|/usr/local - local hierarchy|Enter manually|Do not mount it	critical	near
bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/mountpoint	select		/ - the root file system|/boot - static files of the boot loader|/home - user home directories|/tmp - temporary files (default: tmpfs)|/usr - static data|/var - variable data|/srv - data for services provided by this system|/opt - add-on application software packages|/usr/local - local hierarchy|Enter manually|Do not mount it	critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/mountpoint	select		/ - the root file system|/boot - static files of the boot loader|/home - user home directories|/tmp - temporary files (default: tmpfs)|/usr - static data|/var - variable data|/srv - data for services provided by this system|/opt - add-on application software packages|/usr/local - local hierarchy|Enter manually|Do not mount it	critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/mountpoint_manual	string			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/mountpoint_manual	string			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/no_mount_point	boolean			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/no_mount_point	boolean			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/no_swap	boolean	true		critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/no_swap	boolean	true		critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/posix_filesystem_required	error			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/posix_filesystem_required	error			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/specify_reserved	string			critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/specify_reserved	string			critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/specify_usage	select		*	critical	near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/specify_usage	select		*	critical	read
jessie,bookworm	d-i	partman-basicfilesystems	partman-basicfilesystems/swap_check_failed	boolean				near
trixie	d-i	partman-basicfilesystems	partman-basicfilesystems/swap_check_failed	boolean				read
jessie,bookworm	d-i	partman-basicmethods	partman-basicmethods/method_only	boolean			critical	near
trixie	d-i	partman-basicmethods	partman-basicmethods/method_only	boolean			critical	read
bookworm	d-i	partman-btrfs	partman-btrfs/btrfs_boot	error			critical	near
trixie	d-i	partman-btrfs	partman-btrfs/btrfs_boot	error			critical	read
bookworm	d-i	partman-btrfs	partman-btrfs/btrfs_root	error			critical	near
trixie	d-i	partman-btrfs	partman-btrfs/btrfs_root	error			critical	read
bookworm	d-i	partman-cros	partman-cros/no_cros	boolean			critical	near
trixie	d-i	partman-cros	partman-cros/no_cros	boolean			critical	read
jessie	d-i	partman-crypto	partman-crypto/cipher	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/cipher	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/commit_failed	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/commit_failed	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/confirm	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/confirm	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/confirm_nochanges	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/confirm_nochanges	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/confirm_nooverwrite	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/confirm_nooverwrite	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/create/nosel	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/create/nosel	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/create/partitions	multiselect		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/create/partitions	multiselect		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/crypto_boot_not_possible	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/crypto_boot_not_possible	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/crypto_erase_failed	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/crypto_erase_failed	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/crypto_root_needs_boot	error			critical	near
bookworm	d-i	partman-crypto	partman-crypto/crypto_root_needs_boot	error			critical	read
trixie	d-i	partman-crypto	partman-crypto/crypto_root_needs_boot	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/crypto_type	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/crypto_type	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/crypto_warn_erase	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/crypto_warn_erase	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/entropy	entropy			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/entropy	entropy			critical	read
jessie	d-i	partman-crypto	partman-crypto/init_failed	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/init_failed	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/install_udebs_failure	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/install_udebs_failure	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/install_udebs_low_mem	boolean			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/install_udebs_low_mem	boolean			critical	read
jessie	d-i	partman-crypto	partman-crypto/ivalgorithm	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/ivalgorithm	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/keyfile-problem	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/keyfile-problem	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/keyhash	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/keyhash	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/keysize	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/keysize	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/keytype	select		*	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/keytype	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/mainmenu	select		create|finish	critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/mainmenu	select		create|finish	critical	read
jessie	d-i	partman-crypto	partman-crypto/module_package_missing	error				near
bookworm,trixie	d-i	partman-crypto	partman-crypto/module_package_missing	error				read
trixie	d-i	partman-crypto	partman-crypto/nested_opal	select		*	critical	read
jessie	d-i	partman-crypto	partman-crypto/nothing_to_setup	note			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/nothing_to_setup	note			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-admin-password	password			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-admin-password-again	password			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-admin-password-empty	error			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-admin-password-mismatch	error			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-psid	password			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-psid-again	password			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-psid-empty	error			critical	read
trixie	d-i	partman-crypto	partman-crypto/opal-psid-mismatch	error				read
jessie	d-i	partman-crypto	partman-crypto/options_missing	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/options_missing	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/passphrase	password			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/passphrase	password			critical	read
jessie	d-i	partman-crypto	partman-crypto/passphrase-again	password			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/passphrase-again	password			critical	read
jessie	d-i	partman-crypto	partman-crypto/passphrase-empty	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/passphrase-empty	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/passphrase-mismatch	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/passphrase-mismatch	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/plain_erase_failed	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/plain_erase_failed	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/plain_warn_erase	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/plain_warn_erase	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/tools_missing	note			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/tools_missing	note			critical	read
jessie	d-i	partman-crypto	partman-crypto/unsafe_swap	error			critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/unsafe_swap	error			critical	read
jessie	d-i	partman-crypto	partman-crypto/use_random_for_nonswap	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/use_random_for_nonswap	boolean	false		critical	read
jessie	d-i	partman-crypto	partman-crypto/weak_passphrase	boolean	false		critical	near
bookworm,trixie	d-i	partman-crypto	partman-crypto/weak_passphrase	boolean	false		critical	read
jessie,bookworm	d-i	partman-efi	partman-efi/no_efi	boolean			critical	near
trixie	d-i	partman-efi	partman-efi/no_efi	boolean			critical	read
jessie,bookworm	d-i	partman-efi	partman-efi/non_efi_system	boolean			critical	near
trixie	d-i	partman-efi	partman-efi/non_efi_system	boolean			critical	read
jessie,bookworm	d-i	partman-efi	partman-efi/too_small_efi	error			critical	near
trixie	d-i	partman-efi	partman-efi/too_small_efi	error			critical	read
jessie,trixie	d-i	partman-ext3	partman-ext3/bad_alignment	boolean			critical	read
bookworm	d-i	partman-ext3	partman-ext3/bad_alignment	boolean			critical	near
jessie,trixie	d-i	partman-ext3	partman-ext3/boot_not_bootable	boolean			critical	read
bookworm	d-i	partman-ext3	partman-ext3/boot_not_bootable	boolean			critical	near
jessie,trixie	d-i	partman-ext3	partman-ext3/boot_not_ext2_or_ext3	boolean			critical	read
bookworm	d-i	partman-ext3	partman-ext3/boot_not_ext2_or_ext3	boolean			critical	near
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/address	string			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/address	string			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/all_targets	boolean	false			near
trixie	d-i	partman-iscsi	partman-iscsi/login/all_targets	boolean	false			read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/empty_password	error			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/empty_password	error			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/failed	error			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/failed	error			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/incoming_password	password			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/incoming_password	password			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/incoming_username	string			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/incoming_username	string			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/no_targets	error			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/no_targets	error			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/password	password			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/password	password			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/targets	multiselect		*	critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/targets	multiselect		*	critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/login/username	string			critical	near
trixie	d-i	partman-iscsi	partman-iscsi/login/username	string			critical	read
jessie,bookworm	d-i	partman-iscsi	partman-iscsi/mainmenu	select		login|finish	critical	near
trixie	d-i	partman-iscsi	partman-iscsi/mainmenu	select		login|finish	critical	read
jessie	d-i	partman-jfs	partman-jfs/jfs_boot	boolean	false		critical	near
jessie	d-i	partman-jfs	partman-jfs/jfs_root	boolean	false		critical	near
jessie	d-i	partman-lvm	partman-lvm/badnamegiven	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/badnamegiven	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/commit_failed	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/commit_failed	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/confirm	boolean	false		critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/confirm	boolean	false		critical	read
jessie	d-i	partman-lvm	partman-lvm/confirm_nochanges	boolean	false		critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/confirm_nochanges	boolean	false		critical	read
jessie	d-i	partman-lvm	partman-lvm/confirm_nooverwrite	boolean	false		critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/confirm_nooverwrite	boolean	false		critical	read
jessie	d-i	partman-lvm	partman-lvm/device_remove_lvm	boolean	false		critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/device_remove_lvm	boolean	false		critical	read
jessie	d-i	partman-lvm	partman-lvm/device_remove_lvm_span	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/device_remove_lvm_span	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/displayall	note			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/displayall	note			critical	read
jessie	d-i	partman-lvm	partman-lvm/help	note				near
bookworm,trixie	d-i	partman-lvm	partman-lvm/help	note				read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_exists	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_exists	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_name	string			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_name	string			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_nofreevg	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_nofreevg	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_nonamegiven	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_nonamegiven	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_size	string			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_size	string			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvcreate_vgnames	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvcreate_vgnames	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/lvdelete_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvdelete_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/lvdelete_lvnames	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvdelete_lvnames	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/lvdelete_nolv	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/lvdelete_nolv	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/mainmenu	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/mainmenu	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/nolvm	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/nolvm	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/nopartitions	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/nopartitions	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/pvcreate_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/pvcreate_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_devnameused	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_devnameused	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_name	string			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_name	string			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_nameused	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_nameused	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_nonamegiven	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_nonamegiven	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_nosel	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_nosel	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgcreate_parts	multiselect		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgcreate_parts	multiselect		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/vgdelete_confirm	boolean	true		critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgdelete_confirm	boolean	true		critical	read
jessie	d-i	partman-lvm	partman-lvm/vgdelete_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgdelete_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgdelete_names	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgdelete_names	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/vgdelete_novg	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgdelete_novg	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgextend_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgextend_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgextend_names	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgextend_names	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/vgextend_nosel	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgextend_nosel	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgextend_novg	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgextend_novg	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgextend_parts	multiselect		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgextend_parts	multiselect		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/vgreduce_error	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgreduce_error	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgreduce_names	select		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgreduce_names	select		*	critical	read
jessie	d-i	partman-lvm	partman-lvm/vgreduce_nosel	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgreduce_nosel	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgreduce_novg	error			critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgreduce_novg	error			critical	read
jessie	d-i	partman-lvm	partman-lvm/vgreduce_parts	multiselect		*	critical	near
bookworm,trixie	d-i	partman-lvm	partman-lvm/vgreduce_parts	multiselect		*	critical	read
jessie	d-i	partman-md	partman-md/commit_failed	error			critical	near
bookworm,trixie	d-i	partman-md	partman-md/commit_failed	error			critical	read
jessie	d-i	partman-md	partman-md/confirm	boolean	false		critical	near
bookworm,trixie	d-i	partman-md	partman-md/confirm	boolean	false		critical	read
jessie	d-i	partman-md	partman-md/confirm_nochanges	boolean	false		critical	near
bookworm,trixie	d-i	partman-md	partman-md/confirm_nochanges	boolean	false		critical	read
jessie	d-i	partman-md	partman-md/confirm_nooverwrite	boolean	false		critical	near
bookworm,trixie	d-i	partman-md	partman-md/confirm_nooverwrite	boolean	false		critical	read
jessie	d-i	partman-md	partman-md/createmain	select		RAID0|RAID1|RAID5|RAID6|RAID10	critical	near
bookworm,trixie	d-i	partman-md	partman-md/createmain	select		RAID0|RAID1|RAID5|RAID6|RAID10	critical	read
jessie	d-i	partman-md	partman-md/delete_no_md	error			high	near
bookworm,trixie	d-i	partman-md	partman-md/delete_no_md	error			high	read
jessie	d-i	partman-md	partman-md/deletefailed	error			critical	near
bookworm,trixie	d-i	partman-md	partman-md/deletefailed	error			critical	read
jessie	d-i	partman-md	partman-md/deletemenu	select		*	critical	near
bookworm,trixie	d-i	partman-md	partman-md/deletemenu	select		*	critical	read
jessie	d-i	partman-md	partman-md/deleteverify	boolean	false		critical	near
bookworm,trixie	d-i	partman-md	partman-md/deleteverify	boolean	false		critical	read
jessie	d-i	partman-md	partman-md/device_remove_md	boolean	false		critical	near
bookworm,trixie	d-i	partman-md	partman-md/device_remove_md	boolean	false		critical	read
jessie	d-i	partman-md	partman-md/mainmenu	select		create|delete|finish	critical	near
bookworm,trixie	d-i	partman-md	partman-md/mainmenu	select		create|delete|finish	critical	read
jessie	d-i	partman-md	partman-md/nomd	error			critical	near
bookworm,trixie	d-i	partman-md	partman-md/nomd	error			critical	read
jessie	d-i	partman-md	partman-md/noparts	error			critical	near
bookworm,trixie	d-i	partman-md	partman-md/noparts	error			critical	read
jessie	d-i	partman-md	partman-md/notenoughparts	error			critical	near
bookworm,trixie	d-i	partman-md	partman-md/notenoughparts	error			critical	read
jessie	d-i	partman-md	partman-md/raid0devs	multiselect		*	critical	near
bookworm,trixie	d-i	partman-md	partman-md/raid0devs	multiselect		*	critical	read
jessie	d-i	partman-md	partman-md/raid10layout	string			low	near
bookworm,trixie	d-i	partman-md	partman-md/raid10layout	string	n2		low	read
jessie	d-i	partman-md	partman-md/raiddevcount	string			critical	near
bookworm,trixie	d-i	partman-md	partman-md/raiddevcount	string			critical	read
jessie	d-i	partman-md	partman-md/raiddevs	multiselect		*	critical	near
bookworm,trixie	d-i	partman-md	partman-md/raiddevs	multiselect		*	critical	read
jessie	d-i	partman-md	partman-md/raidsparecount	string			critical	near
bookworm,trixie	d-i	partman-md	partman-md/raidsparecount	string			critical	read
jessie	d-i	partman-md	partman-md/raidsparedevs	multiselect		*	critical	near
bookworm,trixie	d-i	partman-md	partman-md/raidsparedevs	multiselect		*	critical	read
bookworm	d-i	partman-nbd	partman-nbd/device	select		*	critical	near
trixie	d-i	partman-nbd	partman-nbd/device	select		*	critical	read
bookworm	d-i	partman-nbd	partman-nbd/error/noconnected	error			critical	near
trixie	d-i	partman-nbd	partman-nbd/error/noconnected	error			critical	read
bookworm	d-i	partman-nbd	partman-nbd/error/nodev	error			critical	near
trixie	d-i	partman-nbd	partman-nbd/error/nodev	error			critical	read
bookworm	d-i	partman-nbd	partman-nbd/error/noserver	error			critical	near
trixie	d-i	partman-nbd	partman-nbd/error/noserver	error			critical	read
bookworm	d-i	partman-nbd	partman-nbd/mainmenu	select		connect|disconnect|finish	critical	near
trixie	d-i	partman-nbd	partman-nbd/mainmenu	select		connect|disconnect|finish	critical	read
bookworm	d-i	partman-nbd	partman-nbd/name	string			critical	near
trixie	d-i	partman-nbd	partman-nbd/name	string			critical	read
bookworm	d-i	partman-nbd	partman-nbd/server	string			critical	near
trixie	d-i	partman-nbd	partman-nbd/server	string			critical	read
jessie,trixie	d-i	partman-partitioning	partman-partitioning/bad_new_partition_size	error			high	read
bookworm	d-i	partman-partitioning	partman-partitioning/bad_new_partition_size	error			high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/bad_new_size	error			high	read
bookworm	d-i	partman-partitioning	partman-partitioning/bad_new_size	error			high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/big_new_size	error			high	read
bookworm	d-i	partman-partitioning	partman-partitioning/big_new_size	error			high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/bootable_logical	boolean	false		high	read
bookworm	d-i	partman-partitioning	partman-partitioning/bootable_logical	boolean	false		high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/choose_label	select		*	critical|low	read
bookworm	d-i	partman-partitioning	partman-partitioning/choose_label	select		*	critical|low	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/confirm_new_label	boolean	false		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/confirm_new_label	boolean	false		critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/confirm_resize	boolean			critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/confirm_resize	boolean			critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/confirm_write_new_label	boolean	false		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/confirm_write_new_label	boolean	false		critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/default_label	string				read
bookworm	d-i	partman-partitioning	partman-partitioning/default_label	string				near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/impossible_resize	error			critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/impossible_resize	error			critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/new_partition_place	select		Beginning|End	critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/new_partition_place	select		Beginning|End	critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/new_partition_size	string	some number		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/new_partition_size	string	some number		critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/new_partition_type	select		Primary|Logical	critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/new_partition_type	select		Primary|Logical	critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/new_size	string	some number		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/new_size	string	some number		critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/new_size_commit_failed	error			critical|high	read
bookworm	d-i	partman-partitioning	partman-partitioning/new_size_commit_failed	error			critical|high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/set_flags	multiselect		*	critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/set_flags	multiselect		*	critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/set_name	string			critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/set_name	string			critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/small_new_size	error			high	read
bookworm	d-i	partman-partitioning	partman-partitioning/small_new_size	error			high	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/unknown_label	boolean	true		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/unknown_label	boolean	true		critical	near
jessie,trixie	d-i	partman-partitioning	partman-partitioning/unsupported_label	boolean	false		critical	read
bookworm	d-i	partman-partitioning	partman-partitioning/unsupported_label	boolean	false		critical	near
jessie,bookworm	d-i	partman-target	partman-target/choose_method	select		*	critical	near
trixie	d-i	partman-target	partman-target/choose_method	select		*	critical	read
jessie,bookworm	d-i	partman-target	partman-target/help	note				near
trixie	d-i	partman-target	partman-target/help	note				read
jessie,bookworm	d-i	partman-target	partman-target/mount_failed	boolean	true		critical	near
trixie	d-i	partman-target	partman-target/mount_failed	boolean	true		critical	read
jessie,bookworm	d-i	partman-target	partman-target/must_be_on_root	error			critical	near
trixie	d-i	partman-target	partman-target/must_be_on_root	error			critical	read
jessie,bookworm	d-i	partman-target	partman-target/no_root	error			critical	near
trixie	d-i	partman-target	partman-target/no_root	error			critical	read
jessie,bookworm	d-i	partman-target	partman-target/same_label	error			critical	near
trixie	d-i	partman-target	partman-target/same_label	error			critical	read
jessie,bookworm	d-i	partman-target	partman-target/same_mountpoint	error			critical	near
trixie	d-i	partman-target	partman-target/same_mountpoint	error			critical	read
jessie	d-i	partman-base	partman/active_partition	select		*	critical	near
bookworm,trixie	d-i	partman-base	partman/active_partition	select		*	critical	read
jessie	d-i	partman-base	partman/alignment	select	optimal	cylinder|minimal|optimal		near
bookworm,trixie	d-i	partman-base	partman/alignment	select	optimal	cylinder|minimal|optimal		read
jessie,trixie	d-i	partman-ext3	partman/boot_not_first_partition	boolean			critical	read
bookworm	d-i	partman-ext3	partman/boot_not_first_partition	boolean			critical	near
jessie	d-i	partman-base	partman/choose_partition	select		*	critical	near
bookworm,trixie	d-i	partman-base	partman/choose_partition	select		*	critical	read
jessie	d-i	partman-base	partman/confirm	boolean	false		critical	near
bookworm,trixie	d-i	partman-base	partman/confirm	boolean	false		critical	read
jessie	d-i	partman-base	partman/confirm_nochanges	boolean	false		critical	near
bookworm,trixie	d-i	partman-base	partman/confirm_nochanges	boolean	false		critical	read
jessie	d-i	partman-base	partman/confirm_nooverwrite	boolean	false		critical	near
bookworm,trixie	d-i	partman-base	partman/confirm_nooverwrite	boolean	false		critical	read
jessie	d-i	partman-base	partman/default_filesystem	string	ext4			near
bookworm,trixie	d-i	partman-base	partman/default_filesystem	string	ext4			read
jessie	d-i	partman-base	partman/early_command	string				near
bookworm,trixie	d-i	partman-base	partman/early_command	string				read
jessie	d-i	partman-base	partman/exception_handler	select		*	critical|high|medium	near
bookworm,trixie	d-i	partman-base	partman/exception_handler	select		*	critical|high|medium	read
jessie	d-i	partman-base	partman/exception_handler_note	note			critical|high|medium	near
bookworm,trixie	d-i	partman-base	partman/exception_handler_note	note			critical|high|medium	read
jessie	d-i	partman-base	partman/free_space	select		*	critical	near
bookworm,trixie	d-i	partman-base	partman/free_space	select		*	critical	read
jessie,bookworm	d-i	partman-target	partman/mount_style	select	uuid	traditional|label|uuid		near
trixie	d-i	partman-target	partman/mount_style	select	uuid	traditional|label|uuid		read
jessie	d-i	partman-base	partman/show_free_chs	note			critical	near
bookworm,trixie	d-i	partman-base	partman/show_free_chs	note			critical	read
jessie	d-i	partman-base	partman/show_partition_chs	note			critical	near
bookworm,trixie	d-i	partman-base	partman/show_partition_chs	note			critical	read
jessie	d-i	partman-base	partman/storage_device	select		*	critical	near
bookworm,trixie	d-i	partman-base	partman/storage_device	select		*	critical	read
jessie,trixie	d-i	user-setup-udeb	passwd/make-user	boolean	true		medium	read
bookworm	d-i	user-setup-udeb	passwd/make-user	boolean	true		medium	near
jessie,trixie	d-i	user-setup-udeb	passwd/root-login	boolean	true		medium	read
bookworm	d-i	user-setup-udeb	passwd/root-login	boolean	true		medium	near
jessie,trixie	d-i	user-setup-udeb	passwd/root-password	password			critical	read
bookworm	d-i	user-setup-udeb	passwd/root-password	password			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/root-password-again	password			critical	read
bookworm	d-i	user-setup-udeb	passwd/root-password-again	password			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/root-password-crypted	password				read
bookworm	d-i	user-setup-udeb	passwd/root-password-crypted	password				near
jessie	d-i	user-setup-udeb	passwd/shadow	boolean	true		low	read
jessie,trixie	d-i	user-setup-udeb	passwd/user-default-groups	string	audio cdrom dip floppy video plugdev netdev scanner bluetooth debian-tor lpadmin			read
bookworm	d-i	user-setup-udeb	passwd/user-default-groups	string	audio cdrom dip floppy video plugdev netdev scanner bluetooth debian-tor lpadmin			near
jessie,trixie	d-i	user-setup-udeb	passwd/user-fullname	string			critical	read
bookworm	d-i	user-setup-udeb	passwd/user-fullname	string			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/user-password	password			critical	read
bookworm	d-i	user-setup-udeb	passwd/user-password	password			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/user-password-again	password			critical	read
bookworm	d-i	user-setup-udeb	passwd/user-password-again	password			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/user-password-crypted	password				read
bookworm	d-i	user-setup-udeb	passwd/user-password-crypted	password				near
jessie,trixie	d-i	user-setup-udeb	passwd/user-uid	string				read
bookworm	d-i	user-setup-udeb	passwd/user-uid	string				near
jessie,trixie	d-i	user-setup-udeb	passwd/username	string			critical	read
bookworm	d-i	user-setup-udeb	passwd/username	string			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/username-bad	error			critical	read
bookworm	d-i	user-setup-udeb	passwd/username-bad	error			critical	near
jessie,trixie	d-i	user-setup-udeb	passwd/username-reserved	error			critical	read
bookworm	d-i	user-setup-udeb	passwd/username-reserved	error			critical	near
jessie,bookworm,trixie	d-i	pkgsel	pkgsel/include	string				read
bookworm,trixie	d-i	pkgsel	pkgsel/run_tasksel	boolean	true			read
bookworm,trixie	d-i	pkgsel	pkgsel/update-policy	select	none	none|unattended-upgrades	medium	read
bookworm,trixie	d-i	pkgsel	pkgsel/updatedb	boolean	true			read
jessie,bookworm,trixie	d-i	pkgsel	pkgsel/upgrade	select	safe-upgrade	none|safe-upgrade|full-upgrade		read
jessie	popularity-contest	popularity-contest	popularity-contest/participate	boolean	false		high	near
bookworm,trixie	popularity-contest	popularity-contest	popularity-contest/participate	boolean	false		high	read
bookworm,trixie	popularity-contest	popularity-contest	popularity-contest/submiturls	string				read
bookworm,trixie	postfix	postfix	postfix/bad_recipient_delimiter	error			low	read
bookworm	postfix	postfix	postfix/chattr	boolean	false		medium	read
bookworm,trixie	postfix	postfix	postfix/destinations	string			medium|low	read
bookworm,trixie	postfix	postfix	postfix/mailbox_limit	string	0		low	read
bookworm,trixie	postfix	postfix	postfix/mailname	string	/etc/mailname		high	read
bookworm,trixie	postfix	postfix	postfix/main_mailer_type	select	Internet Site	No configuration|Internet Site|Internet with smarthost|Satellite system|Local only	?	read
bookworm,trixie	postfix	postfix	postfix/mynetworks	string	127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128		low	read
bookworm	postfix	postfix	postfix/newaliases	boolean	false			read
bookworm,trixie	postfix	postfix	postfix/not_configured	error				read
bookworm,trixie	postfix	postfix	postfix/procmail	boolean			low	read
bookworm,trixie	postfix	postfix	postfix/protocols	select		all|ipv6|ipv4	low	read
bookworm,trixie	postfix	postfix	postfix/recipient_delim	string	+		low	read
bookworm,trixie	postfix	postfix	postfix/relayhost	string			high	read
bookworm,trixie	postfix	postfix	postfix/rfc1035_violation	boolean	false		high	read
bookworm,trixie	postfix	postfix	postfix/root_address	string			medium	read
jessie,trixie	d-i	ppp-udeb	ppp/detect_failed	error			critical	read
bookworm	d-i	ppp-udeb	ppp/detect_failed	error			critical	near
jessie,trixie	d-i	ppp-udeb	ppp/interface	string	_			read
bookworm	d-i	ppp-udeb	ppp/interface	string	_			near
jessie,trixie	d-i	ppp-udeb	ppp/no_concentrators	error			critical	read
bookworm	d-i	ppp-udeb	ppp/no_concentrators	error			critical	near
jessie,trixie	d-i	ppp-udeb	ppp/password	password			high	read
bookworm	d-i	ppp-udeb	ppp/password	password			high	near
jessie,trixie	d-i	ppp-udeb	ppp/unhandled	error			critical	read
bookworm	d-i	ppp-udeb	ppp/unhandled	error			critical	near
jessie,trixie	d-i	ppp-udeb	ppp/username	string			high	read
bookworm	d-i	ppp-udeb	ppp/username	string			high	near
jessie,trixie	d-i	ppp-udeb	ppp/wrong_login	error			critical	read
bookworm	d-i	ppp-udeb	ppp/wrong_login	error			critical	near
jessie,bookworm,trixie	d-i	preseed-common	preseed/boot_command	string				read
bookworm,trixie	d-i	preseed-common	preseed/checksum_error	error			critical	read
jessie,bookworm,trixie	d-i	preseed-common	preseed/command_failed	error			critical	read
jessie,bookworm,trixie	d-i	preseed-common	preseed/early_command	string				read
jessie,bookworm,trixie	d-i	file-preseed	preseed/file	string				read
jessie,bookworm,trixie	d-i	file-preseed	preseed/file/checksum	string				read
jessie,bookworm,trixie	d-i	preseed-common	preseed/include	string				read
jessie,bookworm,trixie	d-i	preseed-common	preseed/include/checksum	string				read
jessie,bookworm,trixie	d-i	preseed-common	preseed/include_command	string				read
jessie,bookworm,trixie	d-i	preseed-common	preseed/interactive	boolean	false			read
jessie,bookworm,trixie	d-i	preseed-common	preseed/late_command	string				read
jessie,bookworm,trixie	d-i	preseed-common	preseed/load_error	error			critical	read
jessie,bookworm,trixie	d-i	preseed-common	preseed/retrieve_error	error			critical	read
jessie,bookworm,trixie	d-i	preseed-common	preseed/run	string				read
bookworm,trixie	d-i	preseed-common	preseed/run/checksum	string				read
jessie,bookworm,trixie	d-i	network-preseed	preseed/url	string			critical	read
jessie,bookworm,trixie	d-i	network-preseed	preseed/url/checksum	string				read
jessie,bookworm	d-i	rescue-mode	rescue/assemble-raid	multiselect		auto|*	critical	near
trixie	d-i	rescue-mode	rescue/assemble-raid	multiselect		auto|*	critical	read
jessie	d-i	rescue-check	rescue/enable	boolean	false			near
bookworm,trixie	d-i	rescue-check	rescue/enable	boolean	false			read
jessie,bookworm	d-i	rescue-mode	rescue/menu	select		*	critical	near
trixie	d-i	rescue-mode	rescue/menu	select		*	critical	read
jessie,bookworm	d-i	rescue-mode	rescue/menu-error	error			critical	near
trixie	d-i	rescue-mode	rescue/menu-error	error			critical	read
jessie,bookworm	d-i	rescue-mode	rescue/mount-failed	error			critical	near
trixie	d-i	rescue-mode	rescue/mount-failed	error			critical	read
jessie,bookworm	d-i	rescue-mode	rescue/no-such-device	error			critical	near
trixie	d-i	rescue-mode	rescue/no-such-device	error			critical	read
jessie,bookworm	d-i	rescue-mode	rescue/passphrase	password			critical	near
trixie	d-i	rescue-mode	rescue/passphrase	password			critical	read
jessie,bookworm	d-i	rescue-mode	rescue/root	select		*|assemble-raid|none	critical	near
trixie	d-i	rescue-mode	rescue/root	select		*|assemble-raid|none	critical	read
bookworm	d-i	rescue-mode	rescue/separate-fs	boolean	true		critical	near
trixie	d-i	rescue-mode	rescue/separate-fs	boolean	true		critical	read
jessie,bookworm	d-i	rescue-mode	rescue/shell/not-found	error			critical	near
trixie	d-i	rescue-mode	rescue/shell/not-found	error			critical	read
jessie,bookworm	d-i	rescue-mode	rescue/shell/run-failed	error			critical	near
trixie	d-i	rescue-mode	rescue/shell/run-failed	error			critical	read
bookworm,trixie	resolvconf	resolvconf	resolvconf/downup-interfaces	note			medium	read
bookworm,trixie	resolvconf	resolvconf	resolvconf/link-tail-to-original	boolean	false		medium|low	read
bookworm,trixie	resolvconf	resolvconf	resolvconf/linkify-resolvconf	boolean	true		low	read
bookworm,trixie	resolvconf	resolvconf	resolvconf/reboot-recommended-after-removal	note			high	read
jessie,bookworm	d-i	cdrom-retriever	retriever/cdrom/error	boolean	true		critical	near
trixie	d-i	cdrom-retriever	retriever/cdrom/error	boolean	true		critical	read
jessie,bookworm	d-i	load-media	retriever/media/loadanother	boolean	true		critical	near
trixie	d-i	load-media	retriever/media/loadanother	boolean	true		critical	read
jessie,bookworm	d-i	load-media	retriever/media/loadnow	boolean	true		critical	near
trixie	d-i	load-media	retriever/media/loadnow	boolean	true		critical	read
jessie,bookworm	d-i	load-media	retriever/media/unknown	boolean	false		critical	near
trixie	d-i	load-media	retriever/media/unknown	boolean	false		critical	read
jessie,bookworm,trixie	d-i	net-retriever	retriever/net/error	select	Retry	Retry|Change mirror|Cancel	critical	read
jessie	d-i	save-logs	save-logs/bad_directory	error			critical	near
bookworm,trixie	d-i	save-logs	save-logs/bad_directory	error			critical	read
jessie	d-i	save-logs	save-logs/directory	string	/mnt		critical	near
bookworm,trixie	d-i	save-logs	save-logs/directory	string	/mnt		critical	read
jessie	d-i	save-logs	save-logs/floppy_mount_failed	error			critical	near
bookworm,trixie	d-i	save-logs	save-logs/floppy_mount_failed	error			critical	read
jessie	d-i	save-logs	save-logs/httpd_running	note			critical	near
bookworm,trixie	d-i	save-logs	save-logs/httpd_running	note			critical	read
jessie	d-i	save-logs	save-logs/insert_floppy	note			critical	near
bookworm,trixie	d-i	save-logs	save-logs/insert_floppy	note			critical	read
jessie	d-i	save-logs	save-logs/menu	select		floppy|web|mounted file system	critical	near
bookworm,trixie	d-i	save-logs	save-logs/menu	select		serve over network|mounted file system|floppy	critical	read
jessie	d-i	save-logs	save-logs/no_network	note			critical	near
bookworm,trixie	d-i	save-logs	save-logs/no_network	note			critical	read
jessie,bookworm	d-i	iso-scan	shared/ask_device	select	all	all|*|manual	critical|medium	near
trixie	d-i	iso-scan	shared/ask_device	select	all	all|*|manual	critical|medium	read
jessie,bookworm	d-i	iso-scan	shared/enter_device	string			critical	near
trixie	d-i	iso-scan	shared/enter_device	string			critical	read
bookworm,trixie	nullmailer	nullmailer	shared/mailname	string			high	read
bookworm,trixie	shim-signed	shim-signed	shim-signed/no-valid-sigs	error			critical	read
bookworm,trixie	shim-signed	shim-signed	shim-signed/revoked-sig	error			critical	read
bookworm,trixie	sysstat	sysstat	sysstat/enable	boolean	false		low	read
bookworm,trixie	sysstat	sysstat	sysstat/remove_files	boolean	true		high	read
trixie	d-i	systemd-boot-installer	systemd-boot-installer/skip	boolean	false			read
trixie	d-i	systemd-boot-installer	systemd-boot-installer/tries	select	2	0|1|2|3|4|5		read
jessie	sysv-rc	sysv-rc	sysv-rc/unable-to-convert	note				read
jessie	tasksel	tasksel	tasksel/desktop	multiselect		gnome|kde|xfce|lxde|cinnamon|mate		read
bookworm,trixie	tasksel	tasksel	tasksel/desktop	multiselect		gnome|kde|xfce|lxde|gnome-flashback|cinnamon|mate|lxqt		read
jessie,bookworm,trixie	tasksel	tasksel	tasksel/first	multiselect		*	high	read
jessie,bookworm,trixie	tasksel	tasksel	tasksel/tasks	multiselect		*		read
jessie,bookworm	d-i	tzsetup-udeb	time/zone	select		*	high|medium	near
trixie	d-i	tzsetup-udeb	time/zone	select		*	high|medium	read
jessie	tzdata	tzdata	tzdata/Areas	select		Africa|America|Antarctica|Australia|Arctic|Asia|Atlantic|Europe|Indian|Pacific|SystemV|US|Etc	high	read
bookworm	tzdata	tzdata	tzdata/Areas	select		Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc	high	read
trixie	tzdata	tzdata	tzdata/Areas	select		Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc	high	read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Africa	select		Abidjan|Accra|Addis_Ababa|Algiers|Asmara|Bamako|Bangui|Banjul|Bissau|Blantyre|Brazzaville|Bujumbura|Cairo|Casablanca|Ceuta|Conakry|Dakar|Dar_es_Salaam|Djibouti|Douala|El_Aaiun|Freetown|Gaborone|Harare|Johannesburg|Juba|Kampala|Khartoum|Kigali|Kinshasa|Lagos|Libreville|Lome|Luanda|Lubumbashi|Lusaka|Malabo|Maputo|Maseru|Mbabane|Mogadishu|Monrovia|Nairobi|Ndjamena|Niamey|Nouakchott|Ouagadougou|Porto-Novo|Sao_Tome|Timbuktu|Tripoli|Tunis|Windhoek		read
jessie	tzdata	tzdata	tzdata/Zones/America	select		Adak|Anchorage|Anguilla|Antigua|Araguaina|Argentina/Buenos_Aires|Argentina/Catamarca|Argentina/Cordoba|Argentina/Jujuy|Argentina/La_Rioja|Argentina/Mendoza|Argentina/Rio_Gallegos|Argentina/Salta|Argentina/San_Juan|Argentina/San_Luis|Argentina/Tucuman|Argentina/Ushuaia|Aruba|Asuncion|Atikokan|Atka|Bahia|Bahia_Banderas|Barbados|Belem|Belize|Blanc-Sablon|Boa_Vista|Bogota|Boise|Cambridge_Bay|Campo_Grande|Cancun|Caracas|Cayenne|Cayman|Chicago|Chihuahua|Coral_Harbour|Costa_Rica|Creston|Cuiaba|Curacao|Danmarkshavn|Dawson|Dawson_Creek|Denver|Detroit|Dominica|Edmonton|Eirunepe|El_Salvador|Ensenada|Fort_Nelson|Fortaleza|Glace_Bay|Godthab|Goose_Bay|Grand_Turk|Grenada|Guadeloupe|Guatemala|Guayaquil|Guyana|Halifax|Havana|Hermosillo|Indiana/Indianapolis|Indiana/Knox|Indiana/Marengo|Indiana/Petersburg|Indiana/Tell_City|Indiana/Vevay|Indiana/Vincennes|Indiana/Winamac|Inuvik|Iqaluit|Jamaica|Juneau|Kentucky/Louisville|Kentucky/Monticello|Kralendijk|La_Paz|Lima|Los_Angeles|Lower_Princes|Maceio|Managua|Manaus|Marigot|Martinique|Matamoros|Mazatlan|Menominee|Merida|Metlakatla|Mexico_City|Miquelon|Moncton|Monterrey|Montevideo|Montreal|Montserrat|Nassau|New_York|Nipigon|Nome|Noronha|North_Dakota/Beulah|North_Dakota/Center|North_Dakota/New_Salem|Ojinaga|Panama|Pangnirtung|Paramaribo|Phoenix|Port-au-Prince|Port_of_Spain|Porto_Acre|Porto_Velho|Puerto_Rico|Punta_Arenas|Rainy_River|Rankin_Inlet|Recife|Regina|Resolute|Rio_Branco|Santa_Isabel|Santarem|Santiago|Santo_Domingo|Sao_Paulo|Scoresbysund|Shiprock|Sitka|St_Barthelemy|St_Johns|St_Kitts|St_Lucia|St_Thomas|St_Vincent|Swift_Current|Tegucigalpa|Thule|Thunder_Bay|Tijuana|Toronto|Tortola|Vancouver|Virgin|Whitehorse|Winnipeg|Yakutat|Yellowknife		read
bookworm	tzdata	tzdata	tzdata/Zones/America	select		Adak|Anchorage|Anguilla|Antigua|Araguaina|Argentina/Buenos_Aires|Argentina/Catamarca|Argentina/Cordoba|Argentina/Jujuy|Argentina/La_Rioja|Argentina/Mendoza|Argentina/Rio_Gallegos|Argentina/Salta|Argentina/San_Juan|Argentina/San_Luis|Argentina/Tucuman|Argentina/Ushuaia|Aruba|Asuncion|Atikokan|Atka|Bahia|Bahia_Banderas|Barbados|Belem|Belize|Blanc-Sablon|Boa_Vista|Bogota|Boise|Cambridge_Bay|Campo_Grande|Cancun|Caracas|Cayenne|Cayman|Chicago|Chihuahua|Ciudad_Juarez|Coral_Harbour|Costa_Rica|Coyhaique|Creston|Cuiaba|Curacao|Danmarkshavn|Dawson|Dawson_Creek|Denver|Detroit|Dominica|Edmonton|Eirunepe|El_Salvador|Ensenada|Fort_Nelson|Fortaleza|Glace_Bay|Godthab|Goose_Bay|Grand_Turk|Grenada|Guadeloupe|Guatemala|Guayaquil|Guyana|Halifax|Havana|Hermosillo|Indiana/Indianapolis|Indiana/Knox|Indiana/Marengo|Indiana/Petersburg|Indiana/Tell_City|Indiana/Vevay|Indiana/Vincennes|Indiana/Winamac|Inuvik|Iqaluit|Jamaica|Juneau|Kentucky/Louisville|Kentucky/Monticello|Kralendijk|La_Paz|Lima|Los_Angeles|Lower_Princes|Maceio|Managua|Manaus|Marigot|Martinique|Matamoros|Mazatlan|Menominee|Merida|Metlakatla|Mexico_City|Miquelon|Moncton|Monterrey|Montevideo|Montreal|Montserrat|Nassau|New_York|Nipigon|Nome|Noronha|North_Dakota/Beulah|North_Dakota/Center|North_Dakota/New_Salem|Nuuk|Ojinaga|Panama|Pangnirtung|Paramaribo|Phoenix|Port-au-Prince|Port_of_Spain|Porto_Acre|Porto_Velho|Puerto_Rico|Punta_Arenas|Rainy_River|Rankin_Inlet|Recife|Regina|Resolute|Rio_Branco|Santa_Isabel|Santarem|Santiago|Santo_Domingo|Sao_Paulo|Scoresbysund|Shiprock|Sitka|St_Barthelemy|St_Johns|St_Kitts|St_Lucia|St_Thomas|St_Vincent|Swift_Current|Tegucigalpa|Thule|Thunder_Bay|Tijuana|Toronto|Tortola|Vancouver|Virgin|Whitehorse|Winnipeg|Yakutat|Yellowknife		read
trixie	tzdata	tzdata	tzdata/Zones/America	select		Adak|Anchorage|Anguilla|Antigua|Araguaina|Argentina/Buenos_Aires|Argentina/Catamarca|Argentina/Cordoba|Argentina/Jujuy|Argentina/La_Rioja|Argentina/Mendoza|Argentina/Rio_Gallegos|Argentina/Salta|Argentina/San_Juan|Argentina/San_Luis|Argentina/Tucuman|Argentina/Ushuaia|Aruba|Asuncion|Atikokan|Atka|Bahia|Bahia_Banderas|Barbados|Belem|Belize|Blanc-Sablon|Boa_Vista|Bogota|Boise|Cambridge_Bay|Campo_Grande|Cancun|Caracas|Cayenne|Cayman|Chicago|Chihuahua|Ciudad_Juarez|Coral_Harbour|Costa_Rica|Coyhaique|Creston|Cuiaba|Curacao|Danmarkshavn|Dawson|Dawson_Creek|Denver|Detroit|Dominica|Edmonton|Eirunepe|El_Salvador|Ensenada|Fort_Nelson|Fortaleza|Glace_Bay|Goose_Bay|Grand_Turk|Grenada|Guadeloupe|Guatemala|Guayaquil|Guyana|Halifax|Havana|Hermosillo|Indiana/Indianapolis|Indiana/Knox|Indiana/Marengo|Indiana/Petersburg|Indiana/Tell_City|Indiana/Vevay|Indiana/Vincennes|Indiana/Winamac|Inuvik|Iqaluit|Jamaica|Juneau|Kentucky/Louisville|Kentucky/Monticello|Kralendijk|La_Paz|Lima|Los_Angeles|Lower_Princes|Maceio|Managua|Manaus|Marigot|Martinique|Matamoros|Mazatlan|Menominee|Merida|Metlakatla|Mexico_City|Miquelon|Moncton|Monterrey|Montevideo|Montreal|Montserrat|Nassau|New_York|Nipigon|Nome|Noronha|North_Dakota/Beulah|North_Dakota/Center|North_Dakota/New_Salem|Nuuk|Ojinaga|Panama|Pangnirtung|Paramaribo|Phoenix|Port-au-Prince|Port_of_Spain|Porto_Acre|Porto_Velho|Puerto_Rico|Punta_Arenas|Rainy_River|Rankin_Inlet|Recife|Regina|Resolute|Rio_Branco|Santa_Isabel|Santarem|Santiago|Santo_Domingo|Sao_Paulo|Scoresbysund|Shiprock|Sitka|St_Barthelemy|St_Johns|St_Kitts|St_Lucia|St_Thomas|St_Vincent|Swift_Current|Tegucigalpa|Thule|Thunder_Bay|Tijuana|Toronto|Tortola|Vancouver|Virgin|Whitehorse|Winnipeg|Yakutat|Yellowknife		read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Antarctica	select		Casey|Davis|DumontDUrville|Macquarie|Mawson|McMurdo|Palmer|Rothera|Syowa|Troll|Vostok		read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Arctic	select		Longyearbyen		read
jessie	tzdata	tzdata	tzdata/Zones/Asia	select		Aden|Almaty|Amman|Anadyr|Aqtau|Aqtobe|Ashgabat|Atyrau|Baghdad|Bahrain|Baku|Bangkok|Barnaul|Beirut|Bishkek|Brunei|Chita|Choibalsan|Chongqing|Colombo|Damascus|Dhaka|Dili|Dubai|Dushanbe|Famagusta|Gaza|Harbin|Hebron|Ho_Chi_Minh|Hong_Kong|Hovd|Irkutsk|Istanbul|Jakarta|Jayapura|Jerusalem|Kabul|Kamchatka|Karachi|Kashgar|Kathmandu|Khandyga|Kolkata|Krasnoyarsk|Kuala_Lumpur|Kuching|Kuwait|Macau|Magadan|Makassar|Manila|Muscat|Nicosia|Novokuznetsk|Novosibirsk|Omsk|Oral|Phnom_Penh|Pontianak|Pyongyang|Qatar|Qyzylorda|Rangoon|Riyadh|Sakhalin|Samarkand|Seoul|Shanghai|Singapore|Srednekolymsk|Taipei|Tashkent|Tbilisi|Tehran|Tel_Aviv|Thimphu|Tokyo|Tomsk|Ujung_Pandang|Ulaanbaatar|Urumqi|Ust-Nera|Vientiane|Vladivostok|Yakutsk|Yangon|Yekaterinburg|Yerevan		read
bookworm	tzdata	tzdata	tzdata/Zones/Asia	select		Aden|Almaty|Amman|Anadyr|Aqtau|Aqtobe|Ashgabat|Atyrau|Baghdad|Bahrain|Baku|Bangkok|Barnaul|Beirut|Bishkek|Brunei|Chita|Choibalsan|Chongqing|Colombo|Damascus|Dhaka|Dili|Dubai|Dushanbe|Famagusta|Gaza|Harbin|Hebron|Ho_Chi_Minh|Hong_Kong|Hovd|Irkutsk|Istanbul|Jakarta|Jayapura|Jerusalem|Kabul|Kamchatka|Karachi|Kashgar|Kathmandu|Khandyga|Kolkata|Krasnoyarsk|Kuala_Lumpur|Kuching|Kuwait|Macau|Magadan|Makassar|Manila|Muscat|Nicosia|Novokuznetsk|Novosibirsk|Omsk|Oral|Phnom_Penh|Pontianak|Pyongyang|Qatar|Qostanay|Qyzylorda|Riyadh|Sakhalin|Samarkand|Seoul|Shanghai|Singapore|Srednekolymsk|Taipei|Tashkent|Tbilisi|Tehran|Tel_Aviv|Thimphu|Tokyo|Tomsk|Ulaanbaatar|Urumqi|Ust-Nera|Vientiane|Vladivostok|Yakutsk|Yangon|Yekaterinburg|Yerevan		read
trixie	tzdata	tzdata	tzdata/Zones/Asia	select		Aden|Almaty|Amman|Anadyr|Aqtau|Aqtobe|Ashgabat|Atyrau|Baghdad|Bahrain|Baku|Bangkok|Barnaul|Beirut|Bishkek|Brunei|Chita|Chongqing|Colombo|Damascus|Dhaka|Dili|Dubai|Dushanbe|Famagusta|Gaza|Harbin|Hebron|Ho_Chi_Minh|Hong_Kong|Hovd|Irkutsk|Istanbul|Jakarta|Jayapura|Jerusalem|Kabul|Kamchatka|Karachi|Kashgar|Kathmandu|Khandyga|Kolkata|Krasnoyarsk|Kuala_Lumpur|Kuching|Kuwait|Macau|Magadan|Makassar|Manila|Muscat|Nicosia|Novokuznetsk|Novosibirsk|Omsk|Oral|Phnom_Penh|Pontianak|Pyongyang|Qatar|Qostanay|Qyzylorda|Riyadh|Sakhalin|Samarkand|Seoul|Shanghai|Singapore|Srednekolymsk|Taipei|Tashkent|Tbilisi|Tehran|Tel_Aviv|Thimphu|Tokyo|Tomsk|Ulaanbaatar|Urumqi|Ust-Nera|Vientiane|Vladivostok|Yakutsk|Yangon|Yekaterinburg|Yerevan		read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Atlantic	select		Azores|Bermuda|Canary|Cape_Verde|Faroe|Jan_Mayen|Madeira|Reykjavik|South_Georgia|St_Helena|Stanley		read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Australia	select		Adelaide|Brisbane|Broken_Hill|Canberra|Currie|Darwin|Eucla|Hobart|Lindeman|Lord_Howe|Melbourne|Perth|Sydney|Yancowinna		read
jessie	tzdata	tzdata	tzdata/Zones/Etc	select		GMT|GMT+0|GMT+1|GMT+10|GMT+11|GMT+12|GMT+2|GMT+3|GMT+4|GMT+5|GMT+6|GMT+7|GMT+8|GMT+9|GMT-0|GMT-1|GMT-10|GMT-11|GMT-12|GMT-13|GMT-14|GMT-2|GMT-3|GMT-4|GMT-5|GMT-6|GMT-7|GMT-8|GMT-9|GMT0|Greenwich|UCT|UTC|Universal|Zulu	high	read
bookworm,trixie	tzdata	tzdata	tzdata/Zones/Etc	select		GMT|GMT0|GMT+0|GMT+1|GMT+2|GMT+3|GMT+4|GMT+5|GMT+6|GMT+7|GMT+8|GMT+9|GMT+10|GMT+11|GMT+12|GMT-0|GMT-1|GMT-2|GMT-3|GMT-4|GMT-5|GMT-6|GMT-7|GMT-8|GMT-9|GMT-10|GMT-11|GMT-12|GMT-13|GMT-14|Greenwich|UCT|UTC|Universal|Zulu	high	read
jessie	tzdata	tzdata	tzdata/Zones/Europe	select		Amsterdam|Andorra|Astrakhan|Athens|Belfast|Belgrade|Berlin|Bratislava|Brussels|Bucharest|Budapest|Busingen|Chisinau|Copenhagen|Dublin|Gibraltar|Guernsey|Helsinki|Isle_of_Man|Istanbul|Jersey|Kaliningrad|Kiev|Kirov|Lisbon|Ljubljana|London|Luxembourg|Madrid|Malta|Mariehamn|Minsk|Monaco|Moscow|Nicosia|Oslo|Paris|Podgorica|Prague|Riga|Rome|Samara|San_Marino|Sarajevo|Saratov|Simferopol|Skopje|Sofia|Stockholm|Tallinn|Tirane|Tiraspol|Ulyanovsk|Uzhgorod|Vaduz|Vatican|Vienna|Vilnius|Volgograd|Warsaw|Zagreb|Zaporozhye|Zurich		read
bookworm,trixie	tzdata	tzdata	tzdata/Zones/Europe	select		Amsterdam|Andorra|Astrakhan|Athens|Belfast|Belgrade|Berlin|Bratislava|Brussels|Bucharest|Budapest|Busingen|Chisinau|Copenhagen|Dublin|Gibraltar|Guernsey|Helsinki|Isle_of_Man|Istanbul|Jersey|Kaliningrad|Kirov|Kyiv|Lisbon|Ljubljana|London|Luxembourg|Madrid|Malta|Mariehamn|Minsk|Monaco|Moscow|Nicosia|Oslo|Paris|Podgorica|Prague|Riga|Rome|Samara|San_Marino|Sarajevo|Saratov|Simferopol|Skopje|Sofia|Stockholm|Tallinn|Tirane|Tiraspol|Ulyanovsk|Vaduz|Vatican|Vienna|Vilnius|Volgograd|Warsaw|Zagreb|Zurich		read
jessie,bookworm,trixie	tzdata	tzdata	tzdata/Zones/Indian	select		Antananarivo|Chagos|Christmas|Cocos|Comoro|Kerguelen|Mahe|Maldives|Mauritius|Mayotte|Reunion		read
jessie	tzdata	tzdata	tzdata/Zones/Pacific	select		Apia|Auckland|Bougainville|Chatham|Chuuk|Easter|Efate|Enderbury|Fakaofo|Fiji|Funafuti|Galapagos|Gambier|Guadalcanal|Guam|Honolulu|Johnston|Kiritimati|Kosrae|Kwajalein|Majuro|Marquesas|Midway|Nauru|Niue|Norfolk|Noumea|Pago_Pago|Palau|Pitcairn|Pohnpei|Ponape|Port_Moresby|Rarotonga|Saipan|Samoa|Tahiti|Tarawa|Tongatapu|Truk|Wake|Wallis|Yap		read
bookworm,trixie	tzdata	tzdata	tzdata/Zones/Pacific	select		Apia|Auckland|Bougainville|Chatham|Chuuk|Easter|Efate|Fakaofo|Fiji|Funafuti|Galapagos|Gambier|Guadalcanal|Guam|Honolulu|Johnston|Kanton|Kiritimati|Kosrae|Kwajalein|Majuro|Marquesas|Midway|Nauru|Niue|Norfolk|Noumea|Pago_Pago|Palau|Pitcairn|Pohnpei|Port_Moresby|Rarotonga|Saipan|Samoa|Tahiti|Tarawa|Tongatapu|Wake|Wallis|Yap		read
jessie	tzdata	tzdata	tzdata/Zones/SystemV	select		AST4|AST4ADT|CST6|CST6CDT|EST5|EST5EDT|HST10|MST7|MST7MDT|PST8|PST8PDT|YST9|YST9YDT		read
jessie	tzdata	tzdata	tzdata/Zones/US	select		Alaska|Aleutian|Arizona|Central|Eastern|Hawaii|Indiana-Starke|Michigan|Mountain|Pacific|Pacific-New|Samoa		read
bookworm	tzdata	tzdata	tzdata/Zones/US	select		Alaska|Aleutian|Arizona|Central|Eastern|Hawaii|Indiana-Starke|Michigan|Mountain|Pacific|Samoa		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/AQ	select		Antarctica/McMurdo|Antarctica/Rothera|Antarctica/Palmer|Antarctica/Mawson|Antarctica/Davis|Antarctica/Casey|Antarctica/Vostok|Antarctica/DumontDUrville|Antarctica/Syowa		near
trixie	d-i	tzsetup-udeb	tzsetup/country/AQ	select		Antarctica/McMurdo|Antarctica/Rothera|Antarctica/Palmer|Antarctica/Mawson|Antarctica/Davis|Antarctica/Casey|Antarctica/Vostok|Antarctica/DumontDUrville|Antarctica/Syowa		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/AU	select	Australia/Canberra	Australia/Canberra|Australia/Sydney|Australia/Melbourne|Australia/Darwin|Australia/Brisbane|Australia/Adelaide|Australia/Hobart|Australia/Perth|Australia/Eucla|Australia/Yancowinna|Australia/Lord_Howe		near
trixie	d-i	tzsetup-udeb	tzsetup/country/AU	select	Australia/Canberra	Australia/Canberra|Australia/Sydney|Australia/Melbourne|Australia/Darwin|Australia/Brisbane|Australia/Adelaide|Australia/Hobart|Australia/Perth|Australia/Eucla|Australia/Yancowinna|Australia/Lord_Howe		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/BR	select	America/Sao_Paulo	America/Rio_Branco|America/Maceio|America/Manaus|America/Belem|America/Bahia|America/Fortaleza|America/Sao_Paulo|America/Sao_Paulo|America/Noronha|America/Sao_Paulo|America/Fortaleza|America/Sao_Paulo|America/Campo_Grande|America/Cuiaba|America/Belem|America/Fortaleza|America/Recife|America/Fortaleza|America/Sao_Paulo|America/Sao_Paulo|America/Fortaleza|America/Porto_Velho|America/Boa_Vista|America/Sao_Paulo|America/Sao_Paulo|America/Maceio|America/Sao_Paulo|America/Araguaina		near
trixie	d-i	tzsetup-udeb	tzsetup/country/BR	select	America/Sao_Paulo	America/Rio_Branco|America/Maceio|America/Manaus|America/Belem|America/Bahia|America/Fortaleza|America/Sao_Paulo|America/Sao_Paulo|America/Noronha|America/Sao_Paulo|America/Fortaleza|America/Sao_Paulo|America/Campo_Grande|America/Cuiaba|America/Belem|America/Fortaleza|America/Recife|America/Fortaleza|America/Sao_Paulo|America/Sao_Paulo|America/Fortaleza|America/Porto_Velho|America/Boa_Vista|America/Sao_Paulo|America/Sao_Paulo|America/Maceio|America/Sao_Paulo|America/Araguaina		read
jessie	d-i	tzsetup-udeb	tzsetup/country/CA	select	Canada/Eastern	Canada/Newfoundland|Canada/Atlantic|Canada/Eastern|Canada/Central|Canada/East-Saskatchewan|Canada/Saskatchewan|Canada/Mountain|Canada/Pacific		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/CA	select	America/Toronto	America/St_Johns|America/Halifax|America/Toronto|America/Winnipeg|Canada/East-Saskatchewan|America/Regina|America/Edmonton|America/Vancouver		near
trixie	d-i	tzsetup-udeb	tzsetup/country/CA	select	America/Toronto	America/St_Johns|America/Halifax|America/Toronto|America/Winnipeg|Canada/East-Saskatchewan|America/Regina|America/Edmonton|America/Vancouver		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/CD	select	Africa/Kinshasa	Africa/Kinshasa|Africa/Lubumbashi		near
trixie	d-i	tzsetup-udeb	tzsetup/country/CD	select	Africa/Kinshasa	Africa/Kinshasa|Africa/Lubumbashi		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/CL	select	America/Santiago	America/Santiago|Pacific/Easter		near
trixie	d-i	tzsetup-udeb	tzsetup/country/CL	select	America/Santiago	America/Santiago|Pacific/Easter		read
bookworm	d-i	tzsetup-udeb	tzsetup/country/CY	select		Asia/Nicosia|Asia/Famagusta		near
trixie	d-i	tzsetup-udeb	tzsetup/country/CY	select		Asia/Nicosia|Asia/Famagusta		read
jessie	d-i	tzsetup-udeb	tzsetup/country/DE	select	Europe/Berlin	Europe/Berlin|Europe/Busingen		near
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/EC	select	America/Guayaquil	America/Guayaquil|Pacific/Galapagos		near
trixie	d-i	tzsetup-udeb	tzsetup/country/EC	select	America/Guayaquil	America/Guayaquil|Pacific/Galapagos		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/ES	select	Europe/Madrid	Europe/Madrid|Africa/Ceuta|Atlantic/Canary		near
trixie	d-i	tzsetup-udeb	tzsetup/country/ES	select	Europe/Madrid	Europe/Madrid|Africa/Ceuta|Atlantic/Canary		read
jessie	d-i	tzsetup-udeb	tzsetup/country/FM	select	Pacific/Ponape	Pacific/Yap|Pacific/Truk|Pacific/Ponape|Pacific/Kosrae		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/FM	select	Pacific/Pohnpei	Pacific/Yap|Pacific/Chuuk|Pacific/Pohnpei|Pacific/Kosrae		near
trixie	d-i	tzsetup-udeb	tzsetup/country/FM	select	Pacific/Pohnpei	Pacific/Yap|Pacific/Chuuk|Pacific/Pohnpei|Pacific/Kosrae		read
jessie	d-i	tzsetup-udeb	tzsetup/country/GL	select	America/Godthab	America/Godthab|America/Danmarkshavn|America/Scoresbysund|America/Thule		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/GL	select	America/Nuuk	America/Nuuk|America/Danmarkshavn|America/Scoresbysund|America/Thule		near
trixie	d-i	tzsetup-udeb	tzsetup/country/GL	select	America/Nuuk	America/Nuuk|America/Danmarkshavn|America/Scoresbysund|America/Thule		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/ID	select	Asia/Jakarta	Asia/Jakarta|Asia/Makassar|Asia/Jayapura		near
trixie	d-i	tzsetup-udeb	tzsetup/country/ID	select	Asia/Jakarta	Asia/Jakarta|Asia/Makassar|Asia/Jayapura		read
jessie	d-i	tzsetup-udeb	tzsetup/country/KI	select	Pacific/Tarawa	Pacific/Tarawa|Pacific/Enderbury|Pacific/Kiritimati		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/KI	select	Pacific/Tarawa	Pacific/Tarawa|Pacific/Kanton|Pacific/Kiritimati		near
trixie	d-i	tzsetup-udeb	tzsetup/country/KI	select	Pacific/Tarawa	Pacific/Tarawa|Pacific/Kanton|Pacific/Kiritimati		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/KZ	select	Asia/Almaty	Asia/Almaty|Asia/Qyzylorda|Asia/Aqtobe|Asia/Aqtau|Asia/Oral		near
trixie	d-i	tzsetup-udeb	tzsetup/country/KZ	select	Asia/Almaty	Asia/Almaty|Asia/Qyzylorda|Asia/Aqtobe|Asia/Aqtau|Asia/Oral		read
jessie	d-i	tzsetup-udeb	tzsetup/country/MN	select	Asia/Ulaanbaatar	Asia/Ulaanbaatar|Asia/Hovd|Asia/Choibalsan		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/MN	select	Asia/Ulaanbaatar	Asia/Ulaanbaatar|Asia/Hovd		near
trixie	d-i	tzsetup-udeb	tzsetup/country/MN	select	Asia/Ulaanbaatar	Asia/Ulaanbaatar|Asia/Hovd		read
jessie	d-i	tzsetup-udeb	tzsetup/country/MX	select	Mexico/General	Mexico/General|Mexico/BajaSur|Mexico/BajaNorte		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/MX	select	America/Mexico_City	America/Tijuana|America/Mazatlan|Mexico/Hermosillo|America/Mexico_City|Mexico/Cancun		near
trixie	d-i	tzsetup-udeb	tzsetup/country/MX	select	America/Mexico_City	America/Tijuana|America/Mazatlan|Mexico/Hermosillo|America/Mexico_City|Mexico/Cancun		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/NZ	select	Pacific/Auckland	Pacific/Auckland|Pacific/Chatham		near
trixie	d-i	tzsetup-udeb	tzsetup/country/NZ	select	Pacific/Auckland	Pacific/Auckland|Pacific/Chatham		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/PF	select	Pacific/Tahiti	Pacific/Tahiti|Pacific/Marquesas|Pacific/Gambier		near
trixie	d-i	tzsetup-udeb	tzsetup/country/PF	select	Pacific/Tahiti	Pacific/Tahiti|Pacific/Marquesas|Pacific/Gambier		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/PG	select		Pacific/Port_Moresby|Pacific/Bougainville		near
trixie	d-i	tzsetup-udeb	tzsetup/country/PG	select		Pacific/Port_Moresby|Pacific/Bougainville		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/PT	select	Europe/Lisbon	Europe/Lisbon|Atlantic/Madeira|Atlantic/Azores		near
trixie	d-i	tzsetup-udeb	tzsetup/country/PT	select	Europe/Lisbon	Europe/Lisbon|Atlantic/Madeira|Atlantic/Azores		read
jessie	d-i	tzsetup-udeb	tzsetup/country/RU	select	Europe/Moscow	Europe/Kaliningrad|Europe/Moscow|Europe/Samara|Asia/Yekaterinburg|Asia/Omsk|Asia/Krasnoyarsk|Asia/Irkutsk|Asia/Yakutsk|Asia/Vladivostok|Asia/Magadan		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/RU	select	Europe/Moscow	Europe/Kaliningrad|Europe/Moscow|Europe/Samara|Asia/Yekaterinburg|Asia/Omsk|Asia/Krasnoyarsk|Asia/Irkutsk|Asia/Yakutsk|Asia/Vladivostok|Asia/Magadan|Asia/Kamchatka		near
trixie	d-i	tzsetup-udeb	tzsetup/country/RU	select	Europe/Moscow	Europe/Kaliningrad|Europe/Moscow|Europe/Samara|Asia/Yekaterinburg|Asia/Omsk|Asia/Krasnoyarsk|Asia/Irkutsk|Asia/Yakutsk|Asia/Vladivostok|Asia/Magadan|Asia/Kamchatka		read
jessie,bookworm	d-i	tzsetup-udeb	tzsetup/country/UM	select	Pacific/Midway	Pacific/Johnston|Pacific/Midway|Pacific/Wake		near
trixie	d-i	tzsetup-udeb	tzsetup/country/UM	select	Pacific/Midway	Pacific/Johnston|Pacific/Midway|Pacific/Wake		read
jessie	d-i	tzsetup-udeb	tzsetup/country/US	select	US/Eastern	US/Eastern|US/Central|US/Mountain|US/Pacific|US/Alaska|US/Hawaii|US/Arizona|US/East-Indiana|US/Samoa		near
bookworm	d-i	tzsetup-udeb	tzsetup/country/US	select	America/New_York	America/New_York|America/Chicago|America/Denver|America/Los_Angeles|America/Anchorage|Pacific/Honolulu|America/Phoenix|America/Indiana/Indianapolis|Pacific/Pago_Pago		near
trixie	d-i	tzsetup-udeb	tzsetup/country/US	select	America/New_York	America/New_York|America/Chicago|America/Denver|America/Los_Angeles|America/Anchorage|Pacific/Honolulu|America/Phoenix|America/Indiana/Indianapolis|Pacific/Pago_Pago		read
jessie	ucf	ucf	ucf/changeprompt	select	keep_current	install_new|keep_current|diff|sdiff|shell	critical	near
bookworm,trixie	ucf	ucf	ucf/changeprompt	select	keep_current	install_new|keep_current|diff|sdiff|shell	critical	read
jessie	ucf	ucf	ucf/changeprompt_threeway	select	keep_current	install_new|keep_current|diff|sdiff|diff_threeway|merge_threeway|shell	critical	near
bookworm,trixie	ucf	ucf	ucf/changeprompt_threeway	select	keep_current	install_new|keep_current|diff|sdiff|diff_threeway|merge_threeway|shell	critical	read
jessie	ucf	ucf	ucf/conflicts_found	error			critical	near
bookworm,trixie	ucf	ucf	ucf/conflicts_found	error			critical	read
jessie	ucf	ucf	ucf/show_diff	note			critical	near
bookworm,trixie	ucf	ucf	ucf/show_diff	note			critical	read
jessie	udev	udev	udev/new_kernel_needed	boolean	false		critical	read
jessie	udev	udev	udev/reboot_needed	error			high	read
jessie	udev	udev	udev/sysfs_deprecated_incompatibility	error			critical	read
bookworm,trixie	unattended-upgrades	unattended-upgrades	unattended-upgrades/enable_auto_updates	boolean	true		low	read
jessie,trixie	d-i	user-setup-udeb	user-setup/password-empty	error			critical	read
bookworm	d-i	user-setup-udeb	user-setup/password-empty	error			critical	near
jessie,trixie	d-i	user-setup-udeb	user-setup/password-mismatch	error			critical	read
bookworm	d-i	user-setup-udeb	user-setup/password-mismatch	error			critical	near
bookworm,trixie	wireshark-common	wireshark-common	wireshark-common/addgroup-failed	error			high	read
bookworm,trixie	wireshark-common	wireshark-common	wireshark-common/group-is-user-group	error			high	read
bookworm,trixie	wireshark-common	wireshark-common	wireshark-common/group-removal-failed	error			high	read
bookworm,trixie	wireshark-common	wireshark-common	wireshark-common/install-setuid	boolean	false		high	read
bookworm,trixie	wireshark-common	wireshark-common	wireshark-common/setcap-failed	error			high	read
bookworm,trixie	xserver-xorg-legacy	xserver-xorg-legacy	xserver-xorg-legacy/xwrapper/actual_allowed_users	string				read
bookworm,trixie	xserver-xorg-legacy	xserver-xorg-legacy	xserver-xorg-legacy/xwrapper/allowed_users	select	Console Users Only	Root Only|Console Users Only|Anybody	low	read
"""#
