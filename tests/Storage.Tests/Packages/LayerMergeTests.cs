using Lambent.Kernel.Packages;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Packages;

public sealed class LayerMergeTests : IAsyncLifetime
{
    private readonly PackageStoreFixture fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task No_layers_have_no_folder_and_one_has_its_own()
    {
        var package = (await fixture.AddAsync(new TestEntry("a", "1"))).Value;

        (await fixture.Store.GetMergedFolderAsync([])).ShouldBeNull();
        (await fixture.Store.GetMergedFolderAsync([package])).ShouldBe(await fixture.Store.GetFolderAsync(package));
    }

    [Fact]
    public async Task Later_layers_lie_over_earlier_ones()
    {
        var merged = await MergeAsync(
            [new("lib/both", "1"), new("lib/first", "1"), new("same", "1")],
            [new("lib/both", "2"), new("lib/second", "2")],
            [new("same", "3") { Mode = 0x81ED }]);

        Read(merged, "lib/both").ShouldBe("2");
        Read(merged, "lib/first").ShouldBe("1");
        Read(merged, "lib/second").ShouldBe("2");
        Read(merged, "same").ShouldBe("3");
    }

    [Fact]
    public async Task Order_makes_another_folder()
    {
        var first = (await fixture.AddAsync(new TestEntry("a", "1"))).Value;
        var second = (await fixture.AddAsync(new TestEntry("a", "2"))).Value;

        var one = (await fixture.Store.GetMergedFolderAsync([first, second])).ShouldNotBeNull();
        var other = (await fixture.Store.GetMergedFolderAsync([second, first])).ShouldNotBeNull();
        (await fixture.Store.GetMergedFolderAsync([first, second])).ShouldBe(one);

        Read(one, "a").ShouldBe("2");
        Read(other, "a").ShouldBe("1");
        Read(await fixture.Store.GetFolderAsync(first), "a").ShouldBe("1");
    }

    [Fact]
    public async Task File_folder_and_link_take_each_others_place()
    {
        var merged = await MergeAsync(
            [
                new("a", "file"), new("b/inner", "1"), TestEntry.Link("c", "target"), new("target/kept", "1"),
                new("d", "x"),
            ],
            [new("a/inner", "2"), new("b", "file"), new("c/inner", "2"), TestEntry.Link("d", "b")]);

        Read(merged, "a/inner").ShouldBe("2");
        Read(merged, "b").ShouldBe("file");
        Read(merged, "c/inner").ShouldBe("2");
        Directory.GetFileSystemEntries(Path.Combine(merged, "target")).Length.ShouldBe(1);
        Read(merged, "d").ShouldBe("file");
    }

    [Fact]
    public async Task Concurrent_merges_of_the_same_layers_give_the_same_folder()
    {
        var first = (await fixture.AddAsync(new TestEntry("a", "1"))).Value;
        var second = (await fixture.AddAsync(new TestEntry("b", "2"))).Value;

        var folders = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => fixture.Store.GetMergedFolderAsync([first, second]))));

        folders.Distinct().Count().ShouldBe(1);
        Read(folders[0]!, "b").ShouldBe("2");
    }

    private async Task<string> MergeAsync(params TestEntry[][] layers)
    {
        var packages = new List<PackageReference>();
        foreach (var layer in layers)
        {
            packages.Add((await fixture.AddAsync(layer)).Value);
        }

        return (await fixture.Store.GetMergedFolderAsync(packages)).ShouldNotBeNull();
    }

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));
}
