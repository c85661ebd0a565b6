using Lambent.Kernel.Access;
using Lambent.Kernel.Mappings;

namespace Lambent.Server.Tests.Memory;

/// <summary>A table without mappings: those are tested on the real store, with the queues they read.</summary>
internal sealed class NoMappings : IMappingTable
{
    public EventSourceMapping? Get(AccountId account, string id) => null;

    public IReadOnlyList<EventSourceMapping> List(AccountId account, MappingQuery query, string? after, int limit) =>
        [];

    public IReadOnlyList<EventSourceMapping> All() => [];

    public void Put(EventSourceMapping mapping) => throw Unsupported();

    public void Delete(AccountId account, string id) => throw Unsupported();

    private static NotSupportedException Unsupported() => new("Mappings are tested on the real store.");
}
