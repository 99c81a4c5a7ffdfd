/// The layouts of xkeyboard-config (2.12 to 2.42, rules/base.lst) that a console can use.
///
/// The installer takes `keyboard-configuration/xkb-keymap` apart into a layout and a variant, and passes both on, even if its
/// list of keymaps does not have them (console-setup 1.123 and 1.242, keyboard-configuration.config).
let keyboardLayouts: Set<String> = Set(
    """
    us ad af al am ara at au az ba bd be bg br brai bt bw by ca cd ch cm cn cz de dk dz ee epo es et eu fi fo fr gb ge gh gn
    gr hr hu id ie il in iq ir is it jp jv ke kg kh kr kz la latam lk lt lv ma mao md me mk ml mm mn mt mv my nec_vndr/jp ng
    nl no np nz ph pk pl pt ro rs ru se si sk sn sy tg th tj tm tr tw tz ua us uz vn za
    """.split(whereSeparator: \.isWhitespace).map(String.init))
