using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lambent.Storage.Packages;

/// <summary>Decides which names of entries and targets of links may become files.</summary>
internal static class ZipName
{
    /// <summary>What file systems allow for one name.</summary>
    public const int PartBytesMax = 255;

    /// <summary>Linux allows 4,096 for a whole path; this leaves room for the folder the package lies in.</summary>
    public const int PathBytesMax = 3_072;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Decodes a name. Zip files mark UTF-8 with a flag, which several tools forget, so it is tried either way.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            name = null;
            return false;
        }
    }

    /// <summary>Takes a path apart.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public static string? Split(string name, int nameBytes, out string[] path)
    {
        path = [];
        if (FindForbidden(name, nameBytes) is { } reason)
        {
            return reason;
        }

        var parts = name.Split('/');
        if (parts[^1].Length == 0)
        {
            parts = parts[..^1];
        }

        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                return "its path has an empty part";
            }

            if (part == "..")
            {
                return "its path leaves the package";
            }

            if (OperatingSystem.IsWindows() && part.Contains(':'))
            {
                return "a part of its path has a colon, which this system does not allow";
            }

            if (Encoding.UTF8.GetByteCount(part) > PartBytesMax)
            {
                return $"a part of its path is longer than {PartBytesMax} bytes";
            }
        }

        path = Array.FindAll(parts, part => part != ".");
        return null;
    }

    /// <summary>
    /// Checks where a symbolic link points. Only targets of the form ../../a/b that stay below the root are allowed:
    /// first up, then down. Since a link's own folder is never a link, the way up is what it looks like, and each
    /// further link on the way down obeys the same rule. So no chain of links leads out, and none does after several
    /// layers are merged.
    /// </summary>
    /// <param name="target">What the link holds.</param>
    /// <param name="depth">The number of folders above the link: 0 at the root.</param>
    /// <returns>Why it is refused, or null.</returns>
    public static string? CheckLinkTarget(string target, int depth)
    {
        if (FindForbidden(target, Encoding.UTF8.GetByteCount(target)) is { } reason)
        {
            return "as the target of a link, " + reason;
        }

        var wentDown = false;
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
            {
                if (wentDown)
                {
                    return "it is a link whose target goes up again after a name";
                }

                if (--depth < 0)
                {
                    return "it is a link to outside of the package";
                }
            }
            else if (part is not ("" or "."))
            {
                wentDown = true;
            }
        }

        return null;
    }

    private static string? FindForbidden(string name, int nameBytes)
    {
        if (name.Length == 0)
        {
            return "its path is empty";
        }

        if (nameBytes > PathBytesMax)
        {
            return $"its path is longer than {PathBytesMax} bytes";
        }

        if (name[0] == '/')
        {
            return "its path is absolute";
        }

        if (name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0]))
        {
            return "its path names a drive";
        }

        if (name.Contains('\0'))
        {
            return "its path contains a zero byte";
        }

        return name.Contains('\\')
            ? "its path contains a backslash; folders are separated by /, make the zip file with another tool"
            : null;
    }
}
