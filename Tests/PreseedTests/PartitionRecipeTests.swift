import Preseed
import Testing

@Suite(.timeLimit(.minutes(15)))
struct PartitionRecipeTests {
    @Test func parts() throws {
        let recipe = try PartitionRecipe(
            """
            two words ::
                512 512 512 ext2 $primary{ } $bootable{ } method{ format } mountpoint{ /boot } .
                100% 200% 300% linux-swap $lvmok{ } method{ swap } .
                2000+50% 3000 -1 ext4 $lvmok{ } options/noatime{ noatime } label{ two words } mountpoint{ / } .
            """)
        #expect(recipe.name == "two words")
        #expect(recipe.partitions.map(\.filesystem) == ["ext2", "linux-swap", "ext4"])
        #expect(recipe.partitions.map(\.mountpoint) == ["/boot", nil, "/"])
        #expect(recipe.partitions.map(\.isLogicalVolume) == [false, true, true])
        #expect(recipe.usesLVM)
        #expect(recipe.minimum.megabytes == 512)
        #expect(recipe.partitions[2]["options/noatime"] == "noatime" && recipe.partitions[2]["label"] == "two words")
        #expect(
            recipe.description == """
                two words :: 512 512 512 ext2 $primary{ } $bootable{ } method{ format } mountpoint{ /boot } . \
                100% 200% 300% linux-swap $lvmok{ } method{ swap } . \
                2000+50% 3000 -1 ext4 $lvmok{ } options/noatime{ noatime } label{ two words } mountpoint{ / } .
                """)
    }

    @Test(arguments: [
        "a :: 1 1 1 ext4 mountpoint{ / } .", "a : 1 1 1 ext4 mountpoint{ / } .", "a ::\t1 1 1 ext4\nmountpoint{ / } .",
        "a :: 1 1 1 free method{ biosgrub } . 1 5 -1 xfs mountpoint{ / } .",
        "a :: 1 1 1 $default_filesystem mountpoint{ / } .",
    ])
    func good(_ text: String) throws {
        let recipe = try PartitionRecipe(text)
        #expect(recipe.name == "a")
        #expect(recipe.partitions.last?.mountpoint == "/")
    }

    @Test(arguments: [
        ("", "begins with its name"),
        ("a 1 1 1 ext4 mountpoint{ / } .", "begins with its name"),
        (":: 1 1 1 ext4 mountpoint{ / } .", "begins with its name"),
        ("a ::", "no partition with mountpoint{ / }"),
        ("a :: 1 1 1 ext4 mountpoint{ / }", "does not end with"),
        ("a :: 1 1 1 ext4 mountpoint{ / } . 1 1 1 ext4", "partition 2 of the recipe does not end"),
        ("a :: 1 1 1 .", "needs a minimum"),
        ("a :: 1 1 1 ext4 mountpoint{ /srv } .", "no partition with mountpoint{ / }"),
        ("a :: 1G 1 1 ext4 mountpoint{ / } .", "the size “1G”"),
        ("a :: -1 1 1 ext4 mountpoint{ / } .", "the size “-1”"),
        ("a :: 1 -1 1 ext4 mountpoint{ / } .", "the size “-1”"),
        ("a :: 1 1 -2 ext4 mountpoint{ / } .", "the size “-2”"),
        ("a :: 1 1 %  ext4 mountpoint{ / } .", "the size “%”"),
        ("a :: 1+ 1 1 ext4 mountpoint{ / } .", "the size “1+”"),
        ("a :: 9223372036854775807 1 -1 ext4 mountpoint{ / } .", "the size “9223372036854775807”"),
        ("a :: 10 10 5 ext4 mountpoint{ / } .", "a maximum (5) below its minimum (10)"),
        ("a :: 1 1 1 ntfs mountpoint{ / } .", "the filesystem “ntfs”"),
        ("a :: 1 1 1 ext4 mountpoint{/} .", "“mountpoint{/}”"),
        ("a :: 1 1 1 ext4 { / } .", "“{”"),
        ("a :: 1 1 1 ext4 mountpoint{ / .", "“mountpoint{”"),
        ("a :: 1 1 1 ext4 $lvmok{ } mountpoint{ / } . 1 1 1 ext2 $lvmok{ } mountpoint{ /boot } .", "/boot must not be"),
    ])
    func bad(_ text: String, _ problem: String) {
        switch PartitionRecipe.parse(text) {
        case .success: Issue.record("taken")
        case .failure(let fault): #expect(fault.message.contains(problem), "\(fault.message)")
        }
    }
}
