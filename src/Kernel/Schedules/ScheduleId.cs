using Lambent.Kernel.Access;

namespace Lambent.Kernel.Schedules;

/// <summary>A group of schedules: an account and a name.</summary>
public readonly record struct ScheduleGroupId(AccountId Account, string Name)
{
    /// <summary>The group that every account has, and that cannot be deleted.</summary>
    public const string DefaultName = "default";

    public bool IsDefault => Name == DefaultName;

    public string Arn(string region) => $"arn:aws:scheduler:{region}:{Account}:schedule-group/{Name}";
}

/// <summary>A schedule: its account, its group and its name, which is unique in the group.</summary>
public readonly record struct ScheduleId(AccountId Account, string Group, string Name)
{
    public const int NameLengthMax = 64;

    public ScheduleGroupId GroupId => new(Account, Group);

    public string Arn(string region) => $"arn:aws:scheduler:{region}:{Account}:schedule/{Group}/{Name}";

    /// <summary>Whether a name may be that of a schedule or of a group.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
