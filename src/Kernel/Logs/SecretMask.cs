namespace Lambent.Kernel.Logs;

/// <summary>
/// Takes secrets out of what a function writes: the values of variables whose names end in _SECRET, _TOKEN, _PASSWORD
/// or _KEY. A value that is shorter than 8 characters is left, because it would be found in anything.
/// </summary>
public sealed class SecretMask
{
    public const int ValueLengthMin = 8;

    public const string Replacement = "********";

    private static readonly string[] Ends = ["_SECRET", "_TOKEN", "_PASSWORD", "_KEY"];

    private readonly string[] values;

    private SecretMask(string[] values) => this.values = values;

    /// <summary>Null when there is nothing to take out.</summary>
    public static SecretMask? From(IEnumerable<KeyValuePair<string, string>> variables)
    {
        // Longer ones first: one secret may begin with another.
        string[] values =
        [
            .. variables
                .Where(variable => variable.Value.Length >= ValueLengthMin && IsSecret(variable.Key))
                .Select(variable => variable.Value)
                .OrderByDescending(value => value.Length),
        ];
        return values.Length == 0 ? null : new SecretMask(values);
    }

    public static bool IsSecret(string name) =>
        Array.Exists(Ends, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    public string Apply(string text)
    {
        foreach (var value in values)
        {
            if (text.Contains(value, StringComparison.Ordinal))
            {
                text = text.Replace(value, Replacement, StringComparison.Ordinal);
            }
        }

        return text;
    }
}
