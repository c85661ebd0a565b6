using System.Security.Cryptography;
using System.Text;

namespace Lambent.Cli.Building;

/// <summary>
/// Folders of installed dependencies by what they were installed from, so that a second deploy with the same lock file
/// installs nothing. A folder appears whole or not at all; one that was not used for a month is removed.
/// </summary>
internal sealed class DependencyCache(string folder, TimeProvider time)
{
    private static readonly TimeSpan UnusedMax = TimeSpan.FromDays(30);

    /// <summary>The name under which dependencies made from these parts are kept.</summary>
    public static string KeyOf(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            // The length before each part, so that no two lists of parts look the same.
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>
    /// The folder of a key; made by <paramref name="install"/>, which gets an empty folder, when it is new.
    /// </summary>
    public async Task<(string Folder, bool Installed)> GetAsync(string key, Func<string, Task> install)
    {
        var kept = Path.Combine(folder, key);
        if (Directory.Exists(kept))
        {
            Directory.SetLastWriteTimeUtc(kept, time.GetUtcNow().UtcDateTime);
            return (kept, false);
        }

        var draft = Path.Combine(folder, $".draft-{Guid.NewGuid():N}");
        Directory.CreateDirectory(draft);
        try
        {
            await install(draft);
            if (!Directory.Exists(kept))
            {
                Directory.Move(draft, kept);
            }
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }

        RemoveUnused();
        return (kept, true);
    }

    private void RemoveUnused()
    {
        var oldest = time.GetUtcNow().UtcDateTime - UnusedMax;
        foreach (var unused in new DirectoryInfo(folder).EnumerateDirectories()
            .Where(kept => kept.LastWriteTimeUtc < oldest))
        {
            unused.Delete(recursive: true);
        }
    }
}
