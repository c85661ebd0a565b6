namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>The memory that the processes of one environment use.</summary>
internal interface IMemoryUsage
{
    /// <summary>All that is charged, in bytes; at least the anonymous part. Cheap to read.</summary>
    long ReadUsage();

    /// <summary>The processes' own memory without files, /tmp and cache, in bytes.</summary>
    long ReadAnonymous();
}
