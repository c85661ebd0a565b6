using Lambent.Kernel;
using Lambent.Kernel.Packages;
using Lambent.Storage.Disk;
using Lambent.Storage.Packages;

namespace Lambent.Storage.Tests.Packages;

/// <summary>A package store in a folder of its own, with a clock that stands.</summary>
public sealed class PackageStoreFixture : IAsyncDisposable
{
    private readonly TemporaryFolder parent = new();
    private DataFolder folder;

    public PackageStoreFixture()
    {
        folder = DataFolder.Open(parent["data"]).Value;
        Store = new PackageStore(folder, Time, "first boot");
    }

    public ManualTime Time { get; } = new();

    public PackageStore Store { get; private set; }

    public DataFolder Folder => folder;

    public string ZipPath(PackageReference package) =>
        Path.Combine(folder.PackagesPath, package.Digest[..2], package.Digest + ".zip");

    public Task<Result<PackageReference>> AddAsync(params TestEntry[] entries) =>
        Store.AddAsync(ZipFile.Create(entries));

    public async Task<string> UnpackAsync(params TestEntry[] entries) =>
        await Store.GetFolderAsync((await AddAsync(entries)).Value);

    public async Task ReopenAsync(string bootId = "first boot")
    {
        await Store.DisposeAsync();
        folder.Dispose();
        folder = DataFolder.Open(parent["data"]).Value;
        Store = new PackageStore(folder, Time, bootId);
        await Store.Swept;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
        parent.Dispose();
    }
}
