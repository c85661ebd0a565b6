using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Functions;

/// <summary>What the address of a call names.</summary>
/// <param name="Function">The function; whether there is one is not known yet.</param>
/// <param name="Qualifier">The alias, or null.</param>
/// <param name="PathStart">
/// Where in the request's path the function's own path begins. At the end of the path: it is a single slash.
/// </param>
public readonly record struct FunctionUrlTarget(FunctionId Function, string? Qualifier, int PathStart);

/// <summary>
/// The addresses of functions, built and read back in one place. By path, for every client: /fn/NAME/…, with an alias
/// /fn/NAME:ALIAS/…, in another account than the root /fn/ACCOUNT:NAME[:ALIAS]/…. By host, for browsers, to which each
/// function then is an origin of its own: [ALIAS.]NAME[.ACCOUNT].localhost.
/// </summary>
/// <param name="address">Where the server listens, such as http://127.0.0.1:9550; known once it does.</param>
/// <param name="directory">Finds a function by its name in another case, because hosts have none.</param>
public sealed class FunctionUrls(Func<Uri> address, FunctionDirectory directory)
{
    private const string PathPrefix = "/fn/";
    private const string HostSuffix = ".localhost";
    private const int AccountIdLength = 12;

    /// <summary>The address that is shown: by path, with a slash at the end.</summary>
    public string Build(FunctionId function, string? alias)
    {
        // A name of twelve digits before an alias would read as an account: then the account is written out.
        var ambiguous = alias is not null && AccountId.TryParse(function.Name, out _);
        var account = function.Account == AccountId.Root && !ambiguous ? "" : $"{function.Account}:";
        var qualifier = alias is null ? "" : $":{alias}";
        return new Uri(address(), $"{PathPrefix}{account}{function.Name}{qualifier}/").AbsoluteUri;
    }

    /// <summary>Reads a path of the first form; false when it is not one.</summary>
    /// <param name="path">The path as on the request line, without the query.</param>
    /// <param name="target">What it names.</param>
    public static bool TryParsePath(ReadOnlySpan<char> path, out FunctionUrlTarget target)
    {
        target = default;
        if (!path.StartsWith(PathPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var segment = path[PathPrefix.Length..];
        var end = segment.IndexOf('/');
        segment = end < 0 ? segment : segment[..end];
        var pathStart = PathPrefix.Length + segment.Length;
        if (segment.Contains('%'))
        {
            // Some clients escape the colon.
            segment = Uri.UnescapeDataString(segment.ToString());
        }

        Span<Range> ranges = stackalloc Range[4];
        var count = segment.Split(ranges, ':');
        if (count is < 1 or > 3)
        {
            return false;
        }

        var first = segment[ranges[0]];
        var startsWithAccount = count == 3 || (count == 2 && IsAccountId(first));
        var account = AccountId.Root;
        if (startsWithAccount && !AccountId.TryParse(first.ToString(), out account))
        {
            return false;
        }

        var rest = ranges[(startsWithAccount ? 1 : 0)..count];
        var name = segment[rest[0]];
        var alias = rest.Length > 1 ? segment[rest[1]] : default;
        if (!IsName(name) || (rest.Length > 1 && !IsName(alias)))
        {
            return false;
        }

        target = new FunctionUrlTarget(
            new FunctionId(account, name.ToString()), rest.Length > 1 ? alias.ToString() : null, pathStart);
        return true;
    }

    /// <summary>Reads a host of the second form; false when it is not one.</summary>
    /// <param name="host">The Host header, with or without port.</param>
    /// <param name="target">What it names, in the case that the function and its alias have.</param>
    public bool TryParseHost(ReadOnlySpan<char> host, out FunctionUrlTarget target)
    {
        target = default;
        var colon = host.LastIndexOf(':');
        host = (colon < 0 ? host : host[..colon]).TrimEnd('.');
        if (!host.EndsWith(HostSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Span<Range> ranges = stackalloc Range[4];
        host = host[..^HostSuffix.Length];
        var count = host.Split(ranges, '.');
        if (count is < 1 or > 3)
        {
            return false;
        }

        var account = AccountId.Root;
        if (count > 1 && IsAccountId(host[ranges[count - 1]]))
        {
            account = AccountId.Parse(host[ranges[--count]].ToString());
        }

        if (count > 2)
        {
            return false;
        }

        var name = host[ranges[count - 1]];
        var alias = count == 2 ? host[ranges[0]] : default;
        if (!IsName(name) || (count == 2 && !IsName(alias)))
        {
            return false;
        }

        target = Resolve(new FunctionId(account, name.ToString()), count == 2 ? alias.ToString() : null);
        return true;
    }

    /// <summary>The time format of the API's function URL shapes.</summary>
    internal static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private FunctionUrlTarget Resolve(FunctionId named, string? alias)
    {
        if (directory.FindIgnoringCase(named) is not { } snapshot)
        {
            return new FunctionUrlTarget(named, alias, 0);
        }

        var function = snapshot.Function;
        if (alias is not null && !function.Urls.ContainsKey(alias))
        {
            alias = function.Urls.Keys.FirstOrDefault(
                key => key.Equals(alias, StringComparison.OrdinalIgnoreCase), alias);
        }

        return new FunctionUrlTarget(function.Id, alias, 0);
    }

    private static bool IsAccountId(ReadOnlySpan<char> text) =>
        text.Length == AccountIdLength && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Names of functions and aliases have the same alphabet.</summary>
    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
