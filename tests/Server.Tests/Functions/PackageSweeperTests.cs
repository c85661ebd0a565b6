using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Functions;

public sealed class PackageSweeperTests
{
    private static readonly string Code = new('a', 64);

    private readonly InMemoryStore store = new();
    private readonly VirtualTime time = new();
    private readonly Collector packages = new();

    [Fact]
    public async Task First_sweep_removes_nothing()
    {
        await using var sweeper = NewSweeper();

        (await sweeper.SweepAsync(default)).ShouldBe(0);

        packages.Collections.ShouldBeEmpty();
    }

    [Fact]
    public async Task Package_in_use_at_one_of_two_sweeps_is_kept()
    {
        await using var sweeper = NewSweeper();
        await PutFunctionAsync();
        await sweeper.SweepAsync(default);
        await store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Delete(TestFunctions.Id("hello"));
            return Done.Value;
        });

        await sweeper.SweepAsync(default);
        packages.Collections[0].InUse.ShouldBe([Code]);

        await sweeper.SweepAsync(default);
        packages.Collections[1].InUse.ShouldBeEmpty();
    }

    [Fact]
    public async Task Package_that_came_into_use_since_is_kept()
    {
        await using var sweeper = NewSweeper();
        await sweeper.SweepAsync(default);
        await PutFunctionAsync();

        (await sweeper.SweepAsync(default)).ShouldBe(Collector.Freed);

        packages.Collections.ShouldHaveSingleItem().InUse.ShouldBe([Code]);
        packages.Collections[0].Before.ShouldBe(time.GetUtcNow().AddHours(-1));
    }

    [Fact]
    public async Task Everything_that_names_a_package_keeps_it()
    {
        await using var sweeper = NewSweeper();
        await sweeper.SweepAsync(default);
        await store.WriteAsync<Done>(transaction =>
        {
            var function = TestFunctions.Create(TestFunctions.Id("hello"));
            transaction.Functions.Put(null, function with
            {
                Versions = function.Versions.Add(1, TestFunctions.Version("1") with { Code = Package('b') }),
                LastWorking = function.Latest with { Code = Package('d') },
            });
            transaction.Blobs.Put(new Blob
            {
                Account = AccountId.Root, Bucket = "b", Key = "k", Content = Package('c'), CreatedAt = default,
            });
            return Done.Value;
        });

        await sweeper.SweepAsync(default);

        packages.Collections.ShouldHaveSingleItem().InUse.Select(digest => digest[0]).Order()
            .ShouldBe(['a', 'b', 'c', 'd']);
    }

    [Fact]
    public async Task Sweep_is_made_every_hour_and_outlives_a_failure()
    {
        await using var sweeper = NewSweeper();
        packages.Failure = new IOException("broken");

        // The first sweep only looks; ticks that come during a sweep are one.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (packages.Attempts < 2)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(1, limit.Token);
        }
    }

    private PackageSweeper NewSweeper() => new(store, packages, time, NullLogger<PackageSweeper>.Instance);

    private async Task PutFunctionAsync() => await store.WriteAsync<Done>(transaction =>
    {
        transaction.Functions.Put(null, TestFunctions.Create(TestFunctions.Id("hello")));
        return Done.Value;
    });

    private static PackageReference Package(char digit) => new(new string(digit, 64), 1);

    private sealed class Collector : IPackageStore
    {
        public const long Freed = 77;

        private int attempts;

        public List<(IReadOnlySet<string> InUse, DateTimeOffset Before)> Collections { get; } = [];

        public Exception? Failure { get; set; }

        public int Attempts => Volatile.Read(ref attempts);

        public Task<long> CollectAsync(
            IReadOnlySet<string> inUse, DateTimeOffset before, CancellationToken cancellation = default)
        {
            Interlocked.Increment(ref attempts);
            if (Failure is { } failure)
            {
                return Task.FromException<long>(failure);
            }

            Collections.Add((inUse, before));
            return Task.FromResult(Freed);
        }

        public Task<Result<PackageReference>> AddAsync(
            ReadOnlyMemory<byte> zip, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<PackageReference> MeasureAsync(
            PackageReference package, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Stream? OpenRead(string digest) => throw new NotSupportedException();

        public Task<string> GetFolderAsync(PackageReference package, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public Task<string?> GetMergedFolderAsync(
            IReadOnlyList<PackageReference> layers, CancellationToken cancellation = default) =>
            throw new NotSupportedException();
    }
}
