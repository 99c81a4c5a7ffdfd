// swift-format-ignore-file
/// Packages outside main; README.md beside this file says where they are from.
let componentTable = #"""
releases	component	packages
jessie	contrib	iucode-tool
jessie	non-free	amd64-microcode intel-microcode
jessie	non-free	firmware-adi firmware-atheros firmware-bnx2 firmware-bnx2x firmware-brcm80211 firmware-intelwimax
jessie	non-free	firmware-ipw2x00 firmware-ivtv firmware-iwlwifi firmware-libertas firmware-linux firmware-linux-nonfree
jessie	non-free	firmware-myricom firmware-netxen firmware-qlogic firmware-ralink firmware-realtek firmware-samsung
jessie	non-free	firmware-ti-connectivity
bookworm	contrib	bart-cuda bcbio casparcg-server cbedic cl-sql-oracle cl-umlisp cl-umlisp-orf cpl-plugin-amber-calib
bookworm	contrib	cpl-plugin-giraf-calib cpl-plugin-hawki-calib cpl-plugin-muse-calib cpl-plugin-naco-calib
bookworm	contrib	cpl-plugin-uves-calib cpl-plugin-vimos-calib cpl-plugin-visir-calib cytadela-dbg fheroes2-pkg
bookworm	contrib	google-android-m2repository-installer google-android-sdk-docs-installer kcemu kcemu-common libamgcl-dev
bookworm	contrib	libdbd-oracle-perl libgxr-openvr-0.15-0 libodpic4 libopenh264-cisco7 libopenvr-api1 libopenvr-dev
bookworm	contrib	libsocl-contrib-1.3-0 libstarpu-contrib-1.3-9 libstarpu-contribfft-1.3-2 libstarpu-contribmpi-1.3-3
bookworm	contrib	libstarpu-contribrm-1.3-2 libzfs4linux libzpool5linux nvidia-settings-tesla nvidia-settings-tesla-470 nvtop
bookworm	contrib	odpic-dev odpic-doc openboard-contrib protontricks python-cx-oracle-doc python3-amgcl python3-bcbio
bookworm	contrib	python3-cx-oracle python3-libzfs python3-pyhst2-cuda python3-pyvkfft r4d relion-cuda relion-gui-cuda
bookworm	contrib	ruby-graphiql-rails ruby-view-component sqlcl-package sqldeveloper-package sugar-etoys-activity
bookworm	contrib	tuxonice-userui uqm-russian xserver-xorg-video-ivtv xserver-xorg-video-ivtv-dbg
bookworm	non-free	cclib-data cluster3 cpp-11-doc d1x-rebirth d2x-rebirth dwarf-fortress dwarf-fortress-data etoys etoys-doc
bookworm	non-free	fasttracker2 gcc-11-doc gccgo-11-doc gfortran-11-doc gnat-11-doc google-android-patcher-4-installer
bookworm	non-free	google-android-platform-33-tiramisuprivacysandbox-installer hijra-applet human-icon-theme inform inform-docs
bookworm	non-free	jhove ldraw-mklist libaccinj64-11.8 libcublas11 libcublaslt11 libcudart11.0 libcufft10 libcufftw10
bookworm	non-free	libcuinj64-11.8 libcupti11.8 libcusparse11 libegl-nvidia-tesla-470-0 libegl-nvidia-tesla0 libfaac0 libfdk-aac2
bookworm	non-free	libfishcamp1 libgl1-nvidia-tesla-470-glvnd-glx libgl1-nvidia-tesla-glvnd-glx libgles-nvidia-tesla-470-1
bookworm	non-free	libgles-nvidia-tesla-470-2 libgles-nvidia-tesla1 libgles-nvidia-tesla2 libglx-nvidia-tesla-470-0
bookworm	non-free	libglx-nvidia-tesla0 libjabsorb-java libmetis-edf-dev libmetis-edf4.1 libnppc11 libnppial11 libnppicc11
bookworm	non-free	libnppidei11 libnppif11 libnppig11 libnppim11 libnppist11 libnppisu11 libnppitc11 libnpps11 libnvblas11
bookworm	non-free	libnvidia-tesla-470-allocator1 libnvidia-tesla-470-cbl libnvidia-tesla-470-cfg1 libnvidia-tesla-470-compiler
bookworm	non-free	libnvidia-tesla-470-cuda1 libnvidia-tesla-470-eglcore libnvidia-tesla-470-encode1 libnvidia-tesla-470-fbc1
bookworm	non-free	libnvidia-tesla-470-glcore libnvidia-tesla-470-glvkspirv libnvidia-tesla-470-ifr1 libnvidia-tesla-470-ml1
bookworm	non-free	libnvidia-tesla-470-ngx1 libnvidia-tesla-470-nvcuvid1 libnvidia-tesla-470-nvoptix1 libnvidia-tesla-470-nvvm4
bookworm	non-free	libnvidia-tesla-470-opticalflow1 libnvidia-tesla-470-ptxjitcompiler1 libnvidia-tesla-470-rtcore
bookworm	non-free	libnvidia-tesla-allocator1 libnvidia-tesla-api1 libnvidia-tesla-cfg1 libnvidia-tesla-compiler
bookworm	non-free	libnvidia-tesla-cuda1 libnvidia-tesla-cudadebugger1 libnvidia-tesla-eglcore libnvidia-tesla-encode1
bookworm	non-free	libnvidia-tesla-fbc1 libnvidia-tesla-glcore libnvidia-tesla-glvkspirv libnvidia-tesla-ml1 libnvidia-tesla-ngx1
bookworm	non-free	libnvidia-tesla-nvcuvid1 libnvidia-tesla-nvoptix1 libnvidia-tesla-nvvm4 libnvidia-tesla-opticalflow1
bookworm	non-free	libnvidia-tesla-ptxjitcompiler1 libnvidia-tesla-rtcore libnvjpeg11 libnvrtc-builtins11.8 libnvrtc11.2
bookworm	non-free	libparmetis-dev libparmetis4.0 libplayeronecamera2 librhvoice-core7 libsbig4 libtestu01-0 libttspico0
bookworm	non-free	libunrar5 metis-edf midisport-firmware nastran netperf nvidia-cudnn nvidia-tesla-470-alternative
bookworm	non-free	nvidia-tesla-470-driver nvidia-tesla-470-driver-bin nvidia-tesla-470-driver-libs nvidia-tesla-470-egl-icd
bookworm	non-free	nvidia-tesla-470-kernel-dkms nvidia-tesla-470-kernel-source nvidia-tesla-470-kernel-support
bookworm	non-free	nvidia-tesla-470-opencl-icd nvidia-tesla-470-smi nvidia-tesla-470-vdpau-driver nvidia-tesla-470-vulkan-icd
bookworm	non-free	nvidia-tesla-alternative nvidia-tesla-driver nvidia-tesla-driver-bin nvidia-tesla-driver-libs
bookworm	non-free	nvidia-tesla-egl-icd nvidia-tesla-kernel-dkms nvidia-tesla-kernel-source nvidia-tesla-kernel-support
bookworm	non-free	nvidia-tesla-legacy-check nvidia-tesla-opencl-icd nvidia-tesla-smi nvidia-tesla-vdpau-driver
bookworm	non-free	nvidia-tesla-vulkan-icd openzwave-controlpanel os8 othman parmetis-doc parmetis-test
bookworm	non-free	php-horde-javascriptminify-jsmin php-horde-text-filter-jsmin python3-hijra python3-othman runescape
bookworm	non-free	shapetools-tutorial tangerine-icon-theme wap-wml-tools xserver-xorg-video-nvidia-tesla
bookworm	non-free	xserver-xorg-video-nvidia-tesla-470 xtide-data-nonfree
bookworm	non-free-firmware	firmware-nvidia-tesla-gsp firmware-realtek-rtl8723cs-bt
bookworm,trixie	contrib	1oom alien-arena alien-arena-server alsa-firmware-loaders amoeba astromenace astrometry-data-2mass
bookworm,trixie	contrib	astrometry-data-2mass-00 astrometry-data-2mass-01 astrometry-data-2mass-02 astrometry-data-2mass-03
bookworm,trixie	contrib	astrometry-data-2mass-04 astrometry-data-2mass-05 astrometry-data-2mass-06 astrometry-data-2mass-07
bookworm,trixie	contrib	astrometry-data-2mass-08-19 atari800 b43-fwcutter basilisk2 bgoffice-dict-downloader bladerf-firmware-fx3
bookworm,trixie	contrib	bladerf-fpga-hostedx115 bladerf-fpga-hostedx40 bladerf-fpga-hostedxa4 bladerf-fpga-hostedxa5
bookworm,trixie	contrib	bladerf-fpga-hostedxa9 boinc-client-nvidia-cuda boinc-client-opencl boinc-virtualbox bumblebee-nvidia cltl
bookworm,trixie	contrib	corsix-th corsix-th-data cpp-doc crafty-bitmaps crafty-books-medium crafty-books-medtosmall crafty-books-small
bookworm,trixie	contrib	cytadela cytadela-data dbab dhewm3 dhewm3-d3xp dhewm3-doom3 doris dynare-matlab elpa-elfeed-web esix exult
bookworm,trixie	contrib	exult-studio fbzx fdkaac festvox-don festvox-en1 festvox-rablpc16k festvox-rablpc8k festvox-us1 festvox-us2
bookworm,trixie	contrib	festvox-us3 firmware-b43-installer firmware-b43legacy-installer fonts-ibm-plex freespace2-launcher-wxlauncher
bookworm,trixie	contrib	frogatto game-data-packager game-data-packager-runtime gcc-doc gcc-doc-base gccgo-doc gemrb gemrb-baldurs-gate
bookworm,trixie	contrib	gemrb-baldurs-gate-2 gemrb-baldurs-gate-2-data gemrb-baldurs-gate-data gemrb-data gemrb-doc gemrb-icewind-dale
bookworm,trixie	contrib	gemrb-icewind-dale-2 gemrb-icewind-dale-2-data gemrb-icewind-dale-data gemrb-planescape-torment
bookworm,trixie	contrib	gemrb-planescape-torment-data geoipupdate gfortran-doc glx-alternative-mesa glx-alternative-nvidia
bookworm,trixie	contrib	glx-diversions gnat-doc gnuboy-sdl gnuboy-x gobi-loader gpustat gstreamer1.0-fdkaac hannah-foo2zjs
bookworm,trixie	contrib	hashcat-nvidia horae hts-voice-nitech-jp-atr503-m001 hyperspec indi-asi indi-fishcamp indi-inovaplx indi-mi
bookworm,trixie	contrib	indi-pentax indi-playerone indi-sbig isight-firmware-tools java-package josm-installer kinect-audio-setup
bookworm,trixie	contrib	libdvd-pkg libfdkaac-ocaml libfdkaac-ocaml-dev libfdkaac-ocaml-dynlink libgemrb libhwloc-contrib-plugins
bookworm,trixie	contrib	libmagma-dev libmagma-doc libmagma-sparse2 libmagma-test libmagma2 libmtj-java-doc libnvidia-egl-gbm1
bookworm,trixie	contrib	libnvpair3linux libpam-zfs librem5-flash-image librust-proton-call-dev libstarpu-contrib-dev libuutil3linux
bookworm,trixie	contrib	libydpdict2 libydpdict2-dev libzfsbootenv1linux libzfslinux-dev lutris mathjax-siunitx matlab-gdf
bookworm,trixie	contrib	matlab-jsonlab matlab-support matlab-zmat mbrola molotov mumax3 muttdown nvidia-cuda-samples
bookworm,trixie	contrib	nvidia-installer-cleanup nvidia-kernel-common nvidia-modprobe nvidia-open-kernel-dkms
bookworm,trixie	contrib	nvidia-open-kernel-source nvidia-open-kernel-support nvidia-persistenced nvidia-primus-vk-common
bookworm,trixie	contrib	nvidia-primus-vk-wrapper nvidia-settings nvidia-support nvidia-xconfig octave-astra-toolbox openjazz openrct2
bookworm,trixie	contrib	openrct2-data openrct2-objects openrct2-title-sequences opentyrian play.it playonlinux pokemmo-installer
bookworm,trixie	contrib	primus-nvidia primus-vk-nvidia proton-caller publicfile-installer pvpgn python-pycuda-doc
bookworm,trixie	contrib	python-seqcluster-doc python3-astra-toolbox python3-doris python3-pycuda python3-pynvml python3-pyzfs
bookworm,trixie	contrib	python3-seqcluster python3-tomopy python3-unrardll python3-vertica pyzfs-doc quake quake-server quake2
bookworm,trixie	contrib	quake2-server quake3 quake3-server reminiscence repo rocksndiamonds rott rtcw rtcw-common rtcw-server
bookworm,trixie	contrib	ruby-googlecharts ruby-spamcheck sabnzbdplus seqcluster simplesnap slurm-wlm-nvml-plugin
bookworm,trixie	contrib	slurm-wlm-nvml-plugin-dev spectemu-common spectemu-x11 speech-dispatcher-baratinoo speech-dispatcher-ivona
bookworm,trixie	contrib	speech-dispatcher-kali speech-dispatcher-pico speech-dispatcher-voxin starpu-contrib-examples
bookworm,trixie	contrib	starpu-contrib-tools steam-installer thunar-dropbox-plugin torbrowser-launcher translate-shell
bookworm,trixie	contrib	ttf-mscorefonts-installer uhexen2 uhexen2-common update-glx uqm vcmi vice vmware-manager wdq2wav winetricks
bookworm,trixie	contrib	wnn7egg wolf4sdl xtrs yamagi-quake2 yamagi-quake2-core ydpdict zfs-auto-snapshot zfs-dkms zfs-dracut
bookworm,trixie	contrib	zfs-initramfs zfs-test zfs-zed zfsnap zfsutils-linux zsnapd zsnapd-rcmd
bookworm,trixie	non-free	aac-enc album album-data alien-arena-data amiwm amoeba-data arb arb-common arb-doc aseba-plugin-blockly
bookworm,trixie	non-free	assaultcube astromenace-data-src bison-doc blimps-examples blimps-utils broadcom-sta-common broadcom-sta-dkms
bookworm,trixie	non-free	broadcom-sta-source bsdgames-nonfree caja-dropbox clamav-testfiles-rar context-nonfree coq-doc coq-doc-html
bookworm,trixie	non-free	coq-doc-pdf cpio-doc cpp-12-doc crafty cufflinks cuneiform cuneiform-common distributed-net doc-rfc
bookworm,trixie	non-free	doc-rfc-experimental doc-rfc-fyi-bcp doc-rfc-informational doc-rfc-misc doc-rfc-old-std doc-rfc-others
bookworm,trixie	non-free	doc-rfc-std doc-rfc-std-proposed doom-wad-shareware dynamips ebook-dev-alp emacs-common-non-dfsg faac
bookworm,trixie	non-free	festlex-oald festvox-ellpc11k fex fex-utils firebuild foiltex fonts-ipafont-nonfree-jisx0208
bookworm,trixie	non-free	fonts-ipafont-nonfree-uigothic fonts-larabie-deco fonts-larabie-straight fonts-larabie-uncommon fonts-mikachan
bookworm,trixie	non-free	fonts-moe-standard-kai fonts-moe-standard-song fonts-ubuntu fonts-ubuntu-console fonts-xfree86-nonfree
bookworm,trixie	non-free	fonts-xfree86-nonfree-syriac frogatto-data ft2-clone gawk-doc gcc-12-doc gccgo-12-doc gccintro gdb-doc
bookworm,trixie	non-free	gds-tools gfortran-12-doc glibc-doc-reference gliese gmp-doc gnat-12-doc
bookworm,trixie	non-free	google-android-build-tools-19.1.0-installer google-android-build-tools-20.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-21.1.2-installer google-android-build-tools-22.0.1-installer
bookworm,trixie	non-free	google-android-build-tools-23.0.1-installer google-android-build-tools-23.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-23.0.3-installer google-android-build-tools-24.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-24.0.1-installer google-android-build-tools-24.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-24.0.3-installer google-android-build-tools-25.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-25.0.1-installer google-android-build-tools-25.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-25.0.3-installer google-android-build-tools-26.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-26.0.1-installer google-android-build-tools-26.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-26.0.3-installer google-android-build-tools-27.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-27.0.1-installer google-android-build-tools-27.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-27.0.3-installer google-android-build-tools-28.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-28.0.1-installer google-android-build-tools-28.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-28.0.3-installer google-android-build-tools-29.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-29.0.1-installer google-android-build-tools-29.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-29.0.3-installer google-android-build-tools-30.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-30.0.1-installer google-android-build-tools-30.0.2-installer
bookworm,trixie	non-free	google-android-build-tools-30.0.3-installer google-android-build-tools-31.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-32.0.0-installer google-android-build-tools-33.0.0-installer
bookworm,trixie	non-free	google-android-build-tools-33.0.1-installer google-android-cmdline-tools-1.0-installer
bookworm,trixie	non-free	google-android-cmdline-tools-2.1-installer google-android-cmdline-tools-3.0-installer
bookworm,trixie	non-free	google-android-cmdline-tools-4.0-installer google-android-cmdline-tools-5.0-installer
bookworm,trixie	non-free	google-android-cmdline-tools-6.0-installer google-android-cmdline-tools-7.0-installer
bookworm,trixie	non-free	google-android-cmdline-tools-8.0-installer google-android-cmdline-tools-9.0-installer
bookworm,trixie	non-free	google-android-emulator-installer google-android-extras-google-auto-installer google-android-licenses
bookworm,trixie	non-free	google-android-ndk-r10e-installer google-android-ndk-r16b-installer google-android-ndk-r17c-installer
bookworm,trixie	non-free	google-android-ndk-r18b-installer google-android-ndk-r19c-installer google-android-ndk-r20-installer
bookworm,trixie	non-free	google-android-ndk-r20b-installer google-android-ndk-r21-installer google-android-ndk-r21b-installer
bookworm,trixie	non-free	google-android-ndk-r21c-installer google-android-ndk-r21d-installer google-android-ndk-r21e-installer
bookworm,trixie	non-free	google-android-ndk-r22-installer google-android-ndk-r22b-installer google-android-ndk-r23-installer
bookworm,trixie	non-free	google-android-ndk-r23b-installer google-android-ndk-r23c-installer google-android-ndk-r24-installer
bookworm,trixie	non-free	google-android-ndk-r25-installer google-android-ndk-r25b-installer google-android-ndk-r25c-installer
bookworm,trixie	non-free	google-android-platform-10-installer google-android-platform-11-installer google-android-platform-12-installer
bookworm,trixie	non-free	google-android-platform-13-installer google-android-platform-14-installer google-android-platform-15-installer
bookworm,trixie	non-free	google-android-platform-16-installer google-android-platform-17-installer google-android-platform-18-installer
bookworm,trixie	non-free	google-android-platform-19-installer google-android-platform-20-installer google-android-platform-21-installer
bookworm,trixie	non-free	google-android-platform-22-installer google-android-platform-23-installer google-android-platform-24-installer
bookworm,trixie	non-free	google-android-platform-25-installer google-android-platform-26-installer google-android-platform-27-installer
bookworm,trixie	non-free	google-android-platform-28-installer google-android-platform-29-installer google-android-platform-30-installer
bookworm,trixie	non-free	google-android-platform-31-installer google-android-platform-32-installer google-android-platform-33-installer
bookworm,trixie	non-free	google-android-platform-7-installer google-android-platform-8-installer google-android-platform-9-installer
bookworm,trixie	non-free	google-android-platform-tools-installer google-android-sources-15-installer
bookworm,trixie	non-free	google-android-sources-16-installer google-android-sources-17-installer google-android-sources-18-installer
bookworm,trixie	non-free	google-android-sources-19-installer google-android-sources-20-installer google-android-sources-21-installer
bookworm,trixie	non-free	google-android-sources-22-installer google-android-sources-23-installer google-android-sources-24-installer
bookworm,trixie	non-free	google-android-sources-25-installer google-android-sources-26-installer google-android-sources-27-installer
bookworm,trixie	non-free	google-android-sources-28-installer google-android-sources-29-installer google-android-sources-30-installer
bookworm,trixie	non-free	google-android-sources-31-installer google-android-sources-32-installer google-android-sources-33-installer
bookworm,trixie	non-free	gsfonts-other gsl-doc-info gsl-doc-pdf gsl-ref-html gsl-ref-psdoc hevea-doc hfsprogs hwb
bookworm,trixie	non-free	i965-va-driver-shaders icc-profiles intel-acm intel-media-va-driver-non-free intel-mkl intel-mkl-cluster
bookworm,trixie	non-free	intel-mkl-doc intel-mkl-full iozone3 irpas kic kstars-data-extra-tycho2 ldraw-parts lgrind libarb libarb-dev
bookworm,trixie	non-free	libasi libblimps3 libblimps3-dev libcg libcggl libclamunrar libclamunrar12 libcuda1 libcudadebugger1
bookworm,trixie	non-free	libcufile-dev libcufile-rdma1 libcufile0 libcuneiform-dev libcuneiform0 libcupti-dev libcupti-doc libcurand10
bookworm,trixie	non-free	libcusolver11 libcusolvermg11 libegl-nvidia-tesla-535-0 libegl-nvidia0 libelas-dev libelas0 libfaac-dev
bookworm,trixie	non-free	libfdk-aac-dev libfirebuild0 libfishcamp-dev libgl1-nvidia-glvnd-glx libgl1-nvidia-tesla-535-glvnd-glx
bookworm,trixie	non-free	libgles-nvidia-tesla-535-1 libgles-nvidia-tesla-535-2 libgles-nvidia1 libgles-nvidia2
bookworm,trixie	non-free	libglx-nvidia-tesla-535-0 libglx-nvidia0 libgxccd libinovasdk-dev libinovasdk1 libmath-random-perl libmkl-avx
bookworm,trixie	non-free	libmkl-avx2 libmkl-avx512 libmkl-avx512-mic libmkl-blacs-intelmpi-ilp64 libmkl-blacs-intelmpi-lp64
bookworm,trixie	non-free	libmkl-blacs-openmpi-ilp64 libmkl-blacs-openmpi-lp64 libmkl-blacs-sgimpt-ilp64 libmkl-blacs-sgimpt-lp64
bookworm,trixie	non-free	libmkl-cdft-core libmkl-cluster-dev libmkl-computational-dev libmkl-core libmkl-def libmkl-dev libmkl-full-dev
bookworm,trixie	non-free	libmkl-gf-ilp64 libmkl-gf-lp64 libmkl-gnu-thread libmkl-intel-ilp64 libmkl-intel-lp64 libmkl-intel-thread
bookworm,trixie	non-free	libmkl-interface-dev libmkl-locale libmkl-mc libmkl-mc3 libmkl-meta-cluster libmkl-meta-computational
bookworm,trixie	non-free	libmkl-meta-interface libmkl-meta-threading libmkl-pgi-thread libmkl-rt libmkl-scalapack-ilp64
bookworm,trixie	non-free	libmkl-scalapack-lp64 libmkl-sequential libmkl-threading-dev libmkl-vml-avx libmkl-vml-avx2 libmkl-vml-avx512
bookworm,trixie	non-free	libmkl-vml-avx512-mic libmkl-vml-cmpt libmkl-vml-def libmkl-vml-mc libmkl-vml-mc2 libmkl-vml-mc3 libnvcuvid1
bookworm,trixie	non-free	libnvidia-allocator1 libnvidia-api1 libnvidia-cfg1 libnvidia-eglcore libnvidia-encode1 libnvidia-fbc1
bookworm,trixie	non-free	libnvidia-glcore libnvidia-glvkspirv libnvidia-ml-dev libnvidia-ml1 libnvidia-ngx1 libnvidia-nvvm4
bookworm,trixie	non-free	libnvidia-opticalflow1 libnvidia-pkcs11-openssl3 libnvidia-ptxjitcompiler1 libnvidia-rtcore
bookworm,trixie	non-free	libnvidia-tesla-535-allocator1 libnvidia-tesla-535-api1 libnvidia-tesla-535-cfg1 libnvidia-tesla-535-cuda1
bookworm,trixie	non-free	libnvidia-tesla-535-cudadebugger1 libnvidia-tesla-535-eglcore libnvidia-tesla-535-encode1
bookworm,trixie	non-free	libnvidia-tesla-535-fbc1 libnvidia-tesla-535-glcore libnvidia-tesla-535-glvkspirv libnvidia-tesla-535-ml1
bookworm,trixie	non-free	libnvidia-tesla-535-ngx1 libnvidia-tesla-535-nvcuvid1 libnvidia-tesla-535-nvoptix1 libnvidia-tesla-535-nvvm4
bookworm,trixie	non-free	libnvidia-tesla-535-opticalflow1 libnvidia-tesla-535-pkcs11-openssl3 libnvidia-tesla-535-ptxjitcompiler1
bookworm,trixie	non-free	libnvidia-tesla-535-rtcore libnvoptix1 libnvtoolsext1 libnvvm4 libretro-genesisplusgx libretro-snes9x
bookworm,trixie	non-free	librhvoice-audio2 librhvoice-dev librhvoice5 libricohcamerasdk libricohcamerasdk-dev librna-perl libsbig-dev
bookworm,trixie	non-free	libstar-parser-perl libtestu01-0-dev libtestu01-0-dev-common libtriangle-1.6 libtriangle-dev libttspico-data
bookworm,trixie	non-free	libttspico-dev libttspico-utils libunrar-dev libunrar-headers libvdjtools-java libvideo-info-perl
bookworm,trixie	non-free	libxml-compile-soap-perl libxml-compile-wsdl11-perl lmbench lmbench-doc madfuload make-doc mame-extra
bookworm,trixie	non-free	manpages-posix manpages-posix-dev maple-latex mbrola-af1 mbrola-ar1 mbrola-ar2 mbrola-br1 mbrola-br2
bookworm,trixie	non-free	mbrola-br3 mbrola-br4 mbrola-bz1 mbrola-ca1 mbrola-ca2 mbrola-cn1 mbrola-cr1 mbrola-cz1 mbrola-cz2 mbrola-de1
bookworm,trixie	non-free	mbrola-de2 mbrola-de3 mbrola-de4 mbrola-de5 mbrola-de6 mbrola-de7 mbrola-de8 mbrola-ee1 mbrola-en1 mbrola-es1
bookworm,trixie	non-free	mbrola-es2 mbrola-es3 mbrola-es4 mbrola-fr1 mbrola-fr2 mbrola-fr3 mbrola-fr4 mbrola-fr5 mbrola-fr6 mbrola-fr7
bookworm,trixie	non-free	mbrola-gr1 mbrola-gr2 mbrola-hb1 mbrola-hb2 mbrola-hn1 mbrola-hu1 mbrola-ic1 mbrola-id1 mbrola-in1 mbrola-in2
bookworm,trixie	non-free	mbrola-ir1 mbrola-it1 mbrola-it2 mbrola-it3 mbrola-it4 mbrola-jp1 mbrola-jp2 mbrola-jp3 mbrola-la1 mbrola-lt1
bookworm,trixie	non-free	mbrola-lt2 mbrola-ma1 mbrola-mx1 mbrola-mx2 mbrola-nl1 mbrola-nl2 mbrola-nl3 mbrola-nz1 mbrola-pl1 mbrola-pt1
bookworm,trixie	non-free	mbrola-ro1 mbrola-sw1 mbrola-sw2 mbrola-tl1 mbrola-tr1 mbrola-tr2 mbrola-us1 mbrola-us2 mbrola-us3 mbrola-vz1
bookworm,trixie	non-free	mdk-doc mpi-specs mssstest nautilus-dropbox nikto nsight-compute nsight-compute-target nsight-systems
bookworm,trixie	non-free	nsight-systems-target nspark nvda2speechd nvdacontrollerclient nvidia-alternative nvidia-cg-dev nvidia-cg-doc
bookworm,trixie	non-free	nvidia-cg-toolkit nvidia-cuda-dev nvidia-cuda-gdb nvidia-cuda-mps nvidia-cuda-toolkit nvidia-cuda-toolkit-doc
bookworm,trixie	non-free	nvidia-cuda-toolkit-gcc nvidia-detect nvidia-driver nvidia-driver-bin nvidia-driver-full nvidia-driver-libs
bookworm,trixie	non-free	nvidia-egl-common nvidia-egl-icd nvidia-fs-dkms nvidia-kernel-dkms nvidia-kernel-source nvidia-kernel-support
bookworm,trixie	non-free	nvidia-legacy-check nvidia-libopencl1 nvidia-opencl-common nvidia-opencl-dev nvidia-opencl-icd
bookworm,trixie	non-free	nvidia-openjdk-8-jre nvidia-powerd nvidia-profiler nvidia-smi nvidia-suspend-common
bookworm,trixie	non-free	nvidia-tesla-535-alternative nvidia-tesla-535-driver nvidia-tesla-535-driver-bin nvidia-tesla-535-driver-full
bookworm,trixie	non-free	nvidia-tesla-535-driver-libs nvidia-tesla-535-egl-icd nvidia-tesla-535-kernel-dkms
bookworm,trixie	non-free	nvidia-tesla-535-kernel-source nvidia-tesla-535-kernel-support nvidia-tesla-535-opencl-icd
bookworm,trixie	non-free	nvidia-tesla-535-smi nvidia-tesla-535-vdpau-driver nvidia-tesla-535-vulkan-icd nvidia-vdpau-driver
bookworm,trixie	non-free	nvidia-visual-profiler nvidia-vulkan-common nvidia-vulkan-icd ocaml-doc office2003-schemas ooohg
bookworm,trixie	non-free	openboard-fonts-nonfree org-mode-doc otrs2 out-of-order p7zip-rar pgplot5 picon-domains picon-misc picon-news
bookworm,trixie	non-free	picon-unknown picon-usenix picon-users picon-weather powder pycsw pycsw-doc pycsw-wsgi
bookworm,trixie	non-free	python-drf-yasg-nonfree-doc python3-drf-yasg-nonfree python3-okasha python3-okasha-examples python3-pycsw
bookworm,trixie	non-free	python3-pynliner python3-rna r8125-dkms r8168-dkms rar rhvoice rhvoice-albanian rhvoice-brazilian-portuguese
bookworm,trixie	non-free	rhvoice-english rhvoice-esperanto rhvoice-kyrgyz rhvoice-macedonian rhvoice-polish rhvoice-russian
bookworm,trixie	non-free	rhvoice-tatar rhvoice-ukrainian sauerbraten sauerbraten-server scribus-doc seq-gen sgb sgb-doc sift
bookworm,trixie	non-free	sisu-markup-samples snaphu snmp-mibs-downloader solvate solvate-doc spectrum-roms speech-dispatcher-rhvoice
bookworm,trixie	non-free	spellcast-doc stardict-english-czech stardict-german-czech sweethome3d-furniture-nonfree t1-xfree86-nonfree
bookworm,trixie	non-free	tar-doc tegrarcm testu01-bin testu01-data testu01-doc tinyows titantools tome triangle-bin trn4 trnascan-se
bookworm,trixie	non-free	trnascan-se-common ttf-xfree86-nonfree ttf-xfree86-nonfree-syriac unace-nonfree unrar uqm-content uqm-music
bookworm,trixie	non-free	uqm-voice varscan vdjtools vienna-rna virtualbox-guest-additions-iso x13as xfonts-naga10 xfractint xml2rfc
bookworm,trixie	non-free	xserver-xorg-video-nvidia xserver-xorg-video-nvidia-tesla-535 yale zangband zangband-data
bookworm,trixie	non-free-firmware	amd64-microcode atmel-firmware bluez-firmware dahdi-firmware-nonfree firmware-amd-graphics firmware-ast
bookworm,trixie	non-free-firmware	firmware-atheros firmware-bnx2 firmware-bnx2x firmware-brcm80211 firmware-cavium firmware-intel-sound
bookworm,trixie	non-free-firmware	firmware-ipw2x00 firmware-ivtv firmware-iwlwifi firmware-libertas firmware-linux firmware-linux-nonfree
bookworm,trixie	non-free-firmware	firmware-misc-nonfree firmware-myricom firmware-netronome firmware-netxen firmware-nvidia-gsp
bookworm,trixie	non-free-firmware	firmware-nvidia-tesla-535-gsp firmware-qcom-media firmware-qcom-soc firmware-qlogic firmware-realtek
bookworm,trixie	non-free-firmware	firmware-samsung firmware-siano firmware-sof-signed firmware-ti-connectivity firmware-zd1211 intel-microcode
bookworm,trixie	non-free-firmware	live-task-non-free-firmware-pc live-task-non-free-firmware-server raspi-firmware
trixie	contrib	alex4 descent3 diaspora-installer diaspora-installer-mysql eos-downloader fheroes2 hipify-clang julius
trixie	contrib	libcudnn-frontend-dev libcutlass-dev libdemeter-perl libeztrace0-contrib libgloo-cuda-0 libgloo-cuda-dev
trixie	contrib	libnccl-dev libnccl2 libopenh264-cisco8 libsocl-contrib-1.4-1t64 libstarpu-contrib-1.4-6
trixie	contrib	libstarpu-contrib-openmp-llvm-1.4-1t64 libstarpu-contribfft-1.4-1t64 libstarpu-contribmpi-1.4-3t64
trixie	contrib	libstarpu-contribrm-1.4-1t64 libstdgpu-cuda-dev libstdgpu-cuda0d libtensorpipe-cuda-0 libtensorpipe-cuda-dev
trixie	contrib	libtorch-cuda-2.6 libtorch-cuda-dev libtorch-cuda-test libzfs6linux libzpool6linux llm matlab-brain2mesh
trixie	contrib	matlab-iso2mesh matlab-jnifti nbdkit-plugin-vddk nvidia-cudnn nvidia-settings-tesla-535 nvitop openmohaa
trixie	contrib	openmohaa-common openmohaa-server openrct2-openmsx openrct2-opensfx phosh-osk-data-packager play.it-adventure
trixie	contrib	play.it-community play.it-puzzle play.it-vv221 python3-pycudwt python3-pyvkfft-cuda python3-scikit-cuda
trixie	contrib	python3-stravalib python3-torch-cuda ruby-kas-grpc serious-sam-tfe serious-sam-tse susv2 susv3 susv4 susv5
trixie	non-free	7zip-rar angband-audio consolefonts-bedstead cpp-13-doc cpp-14-doc displaylink-driver fonts-bedstead
trixie	non-free	freespace2 gcc-13-doc gcc-14-doc gccgo-13-doc gccgo-14-doc gfortran-13-doc gfortran-14-doc gnat-13-doc
trixie	non-free	gnat-14-doc google-android-build-tools-33.0.2-installer google-android-build-tools-33.0.3-installer
trixie	non-free	google-android-build-tools-34.0.0-installer google-android-build-tools-35.0.0-installer
trixie	non-free	google-android-build-tools-35.0.1-installer google-android-build-tools-36.0.0-installer
trixie	non-free	google-android-cmdline-tools-10.0-installer google-android-cmdline-tools-11.0-installer
trixie	non-free	google-android-cmdline-tools-12.0-installer google-android-cmdline-tools-13.0-installer
trixie	non-free	google-android-cmdline-tools-16.0-installer google-android-cmdline-tools-17.0-installer
trixie	non-free	google-android-cmdline-tools-19.0-installer google-android-ndk-r26-installer google-android-ndk-r26b-installer
trixie	non-free	google-android-ndk-r26c-installer google-android-ndk-r26d-installer google-android-ndk-r27-installer
trixie	non-free	google-android-ndk-r27b-installer google-android-ndk-r27c-installer google-android-ndk-r28-installer
trixie	non-free	google-android-platform-33-ext4-installer google-android-platform-33-ext5-installer
trixie	non-free	google-android-platform-34-ext10-installer google-android-platform-34-ext11-installer
trixie	non-free	google-android-platform-34-ext12-installer google-android-platform-34-ext8-installer
trixie	non-free	google-android-platform-34-installer google-android-platform-35-baklava-installer
trixie	non-free	google-android-platform-35-ext14-installer google-android-platform-35-ext15-installer
trixie	non-free	google-android-platform-35-installer google-android-platform-36-installer google-android-sdk-docs-installer
trixie	non-free	google-android-sources-34-installer google-android-sources-35-installer google-android-sources-36-installer
trixie	non-free	google-android-tools-installer gpu-burn groops groops-gui haskell-ogma-cli-utils haskell-ogma-core-utils
trixie	non-free	libaccinj64-12.4 libcublas12 libcublaslt12 libcudart12 libcufft11 libcufftw11 libcuinj64-12.4 libcupti12
trixie	non-free	libcusparse12 libfaac0t64 libfdk-aac2t64 libfishcamp1t64 libghc-ogma-core-dev libghc-ogma-core-doc
trixie	non-free	libghc-ogma-core-prof libghc-ogma-extra-dev libghc-ogma-extra-doc libghc-ogma-extra-prof
trixie	non-free	libghc-ogma-language-c-dev libghc-ogma-language-c-doc libghc-ogma-language-c-prof
trixie	non-free	libghc-ogma-language-copilot-dev libghc-ogma-language-copilot-doc libghc-ogma-language-copilot-prof
trixie	non-free	libghc-ogma-language-csv-dev libghc-ogma-language-csv-doc libghc-ogma-language-csv-prof
trixie	non-free	libghc-ogma-language-jsonspec-dev libghc-ogma-language-jsonspec-doc libghc-ogma-language-jsonspec-prof
trixie	non-free	libghc-ogma-language-lustre-dev libghc-ogma-language-lustre-doc libghc-ogma-language-lustre-prof
trixie	non-free	libghc-ogma-language-smv-dev libghc-ogma-language-smv-doc libghc-ogma-language-smv-prof
trixie	non-free	libghc-ogma-language-xlsx-dev libghc-ogma-language-xlsx-doc libghc-ogma-language-xlsx-prof
trixie	non-free	libghc-ogma-language-xmlspec-dev libghc-ogma-language-xmlspec-doc libghc-ogma-language-xmlspec-prof
trixie	non-free	libghc-ogma-spec-dev libghc-ogma-spec-doc libghc-ogma-spec-prof libnppc12 libnppial12 libnppicc12 libnppidei12
trixie	non-free	libnppif12 libnppig12 libnppim12 libnppist12 libnppisu12 libnppitc12 libnpps12 libnvblas12 libnvfatbin12
trixie	non-free	libnvidia-gpucomp libnvjitlink12 libnvjpeg12 libnvrtc-builtins12.4 libnvrtc12 libpgplot5
trixie	non-free	libplayeronecamera2t64 librhvoice-core10 libsbig4t64 libtestu01-0t64 libttspico0t64 libunrar5t64 odr-audioenc
trixie	non-free	pgplot5-dev python3-drf-spectacular-sidecar-nonfree reform-branding rhvoice-czech rhvoice-slovak rhvoice-uzbek
trixie	non-free	sl-modem-dkms xfonts-bedstead znuny
trixie	non-free-firmware	firmware-cirrus firmware-intel-graphics firmware-intel-misc firmware-marvell-prestera firmware-mediatek
trixie	non-free-firmware	firmware-nvidia-graphics midisport-firmware
"""#
