"""Unpacks packages of other Debian releases without installing them."""
import os

from machine import sh
from mirror import upstream

KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Packages:
    """Debian's packages of another release, with a separate apt configuration."""

    def __init__(self, work, suite):
        self.work = work
        apt = work / "apt"
        (apt / "lists/partial").mkdir(parents=True, exist_ok=True)
        (apt / "sources").write_text(
            f"deb [signed-by={KEYS}] {upstream()} {suite} main\n", encoding="ascii")
        (apt / "conf").write_text(
            f'Dir::Etc::sourcelist "{apt}/sources.list";\nDir::Etc::sourceparts "-";\nDir::State::lists "{apt}/lists";\n'
            'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\nAPT::Sandbox::User "root";\n', encoding="ascii")
        (apt / "sources").rename(apt / "sources.list")
        self.options = {"env": {**os.environ, "APT_CONFIG": str(apt / "conf")}}
        sh("apt-get", "-qq", "update", **self.options)

    def unpack(self, package):
        """Downloads and unpacks a package, and returns the directory with its content."""
        place = self.work / "packages" / package
        if not place.is_dir():
            place.parent.mkdir(exist_ok=True)
            for old in place.parent.glob(f"{package}_*.deb"):
                old.unlink()
            sh("apt-get", "-qq", "download", package, cwd=place.parent, **self.options)
            (file,) = place.parent.glob(f"{package}_*.deb")
            sh("dpkg-deb", "-x", file, f"{place}.part")
            file.unlink()
            os.rename(f"{place}.part", place)
        return place
