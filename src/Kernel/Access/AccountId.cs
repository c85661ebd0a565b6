using System.Diagnostics.CodeAnalysis;

namespace Lambent.Kernel.Access;

/// <summary>Twelve decimal digits, as in every ARN. The first part of every key in the store.</summary>
public readonly record struct AccountId
{
    /// <summary>The account that exists from the first start; its root key is in DIR/credentials.</summary>
    public static readonly AccountId Root = new("000000000000");

    private readonly string? value;

    private AccountId(string value) => this.value = value;

    public string Value => value ?? Root.Value;

    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId account)
    {
        var valid = text is { Length: 12 } && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        account = valid ? new AccountId(text!) : default;
        return valid;
    }

    public static AccountId Parse(string text) => TryParse(text, out var account)
        ? account
        : throw new FormatException($"'{text}' is not an account id: twelve digits are expected.");

    public override string ToString() => Value;
}
