import Testing

@testable import Preseed

/// Tests the names of locales, time zones and keymaps for each release.
@Suite(.timeLimit(.minutes(15)))
struct RegionTests {
    /// Names from public preseeds are accepted.
    @Test(arguments: Release.all.map(\.codename)) func namesInUseAreTaken(_ codename: String) throws {
        let release = try #require(Release.named(codename))
        for locale in [
            "en_US.UTF-8", "en_US", "en_GB.UTF-8", "en_DK.UTF-8", "en_IE.UTF-8", "de_DE.UTF-8", "de_CH.UTF-8",
            "de_AT.UTF-8",
            "fr_FR.UTF-8", "fr_CH.UTF-8", "es_ES.UTF-8", "it_IT.UTF-8", "nl_NL.UTF-8", "pl_PL.UTF-8", "pt_BR.UTF-8",
            "ru_RU.UTF-8", "cs_CZ.UTF-8", "da_DK.UTF-8", "sv_SE.UTF-8", "nb_NO.UTF-8", "fi_FI.UTF-8", "hu_HU.UTF-8",
            "bs_BA.UTF-8", "zh_CN.UTF-8", "zh_TW.UTF-8", "ja_JP.UTF-8", "de_DE@euro", "sr_RS@latin",
        ] {
            #expect(release.problem(locale: locale) == nil, "\(locale)")
        }
        for zone in [
            "UTC", "Etc/UTC", "GMT", "Etc/GMT+5", "Europe/Berlin", "Europe/Zurich", "Europe/London", "America/New_York",
            "America/Los_Angeles", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Asia/Tokyo",
            "Asia/Shanghai", "Australia/Sydney",
        ] {
            #expect(release.problem(timeZone: zone) == nil, "\(zone)")
        }
        for keymap in [
            "us", "gb", "de", "fr(latin9)", "es", "it", "ch", "ch(fr)", "dk", "se", "no", "latam", "us(dvorak)", "pt",
            "br",
        ] {
            #expect(release.problem(keymap: keymap) == nil, "\(keymap)")
        }
    }

    /// For old names of time zones, the hint has the new name in releases that no longer install tzdata-legacy.
    @Test(arguments: ["US/Eastern", "US/Pacific", "CET", "EST5EDT", "Israel", "Asia/Calcutta", "GB"])
    func oldZones(_ zone: String) throws {
        for release in Release.all {
            let problem = release.problem(timeZone: zone)
            guard !release.regions.oldTimeZones.isEmpty else {
                #expect(problem == nil, "\(release.codename)")
                continue
            }
            let hint = try #require(problem?.hint)
            #expect(release.regions.timeZones.contains(String(hint.dropFirst(5))), "\(hint)")
        }
    }

    /// For an old keymap, the hint has a name that the release accepts.
    @Test(arguments: [
        ("uk", "gb"), ("de-latin1", "de"), ("de-latin1-nodeadkeys", "de"), ("fr-latin9", "fr(latin9)"), ("jp106", "jp"),
        ("de(nodeadkeys)", "de"), ("croat", "hr"), ("slovene", "si"), ("trf", "tr(f)"), ("hebrew", "il"),
    ]) func oldKeymaps(_ old: String, _ new: String) {
        for release in Release.all {
            #expect(release.problem(keymap: old)?.hint == "try: \(new)", "\(release.codename)")
        }
    }

    /// The languages that are available on a serial console and on a framebuffer are those of localechooser.
    @Test func languagesOfAConsole() {
        for release in Release.all {
            #expect(release.offers(locale: "en_GB.UTF-8", onSerialConsole: true))
            #expect(!release.offers(locale: "de_DE.UTF-8", onSerialConsole: true))
            #expect(release.offers(locale: "ja_JP.UTF-8", onSerialConsole: false))
            #expect(!release.offers(locale: "hi_IN", onSerialConsole: false))
        }
    }

    /// The tables of each release are complete, and contain the locales of their languages.
    @Test func tablesAreWhole() {
        for release in Release.all {
            let regions = release.regions
            #expect(regions.timeZones.count > 400 && regions.locales.count > 400 && regions.languages.count > 60)
            for (language, locale) in regions.languages where locale.contains("_") {
                #expect(regions.locales.contains(locale), "\(release.codename): \(language)")
            }
            #expect(regions.oldTimeZones.values.allSatisfy(regions.timeZones.contains))
        }
    }
}
