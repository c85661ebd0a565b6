using Lambent.Kernel.Objects;

namespace Lambent.Simulation.Executions;

/// <summary>No file is there: the machines of a world have their items in their inputs.</summary>
internal sealed class NoContents : IContentStore
{
    public IContentWriter Begin() => throw new NotSupportedException("Nothing of a world is put into files.");

    public IDisposable? Hold(string digest) => null;

    public Stream? Open(string digest) => null;

    public long Collect(IEnumerable<string> digests, Func<string, bool> isUsed) => 0;

    public IEnumerable<string> All() => [];
}
