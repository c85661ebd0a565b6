namespace Lambent.Storage.Packages;

internal enum ZipEntryKind
{
    File,
    Folder,
    SymbolicLink,
}

/// <summary>One entry of a zip file, read from its central directory and compared with its local header.</summary>
internal sealed record ZipEntry
{
    /// <summary>The name as the file spells it, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The parts of the path below the package's root; none for the root itself.</summary>
    public required string[] Path { get; init; }

    public required ZipEntryKind Kind { get; init; }

    /// <summary>Whether anybody may run it.</summary>
    public required bool Executable { get; init; }

    public required bool Deflated { get; init; }

    public required uint Checksum { get; init; }

    public required int PackedBytes { get; init; }

    public required long UnpackedBytes { get; init; }

    /// <summary>Where its local header starts.</summary>
    public required int HeaderOffset { get; init; }

    /// <summary>Where its data starts.</summary>
    public required int DataOffset { get; init; }
}
