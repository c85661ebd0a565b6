using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions;

public sealed class ConstraintViolationsTests
{
    [Fact]
    public void Nothing_wrong_is_no_error() => new ConstraintViolations().ToError().ShouldBeNull();

    [Fact]
    public void One_violation_is_told_in_the_singular()
    {
        var violations = new ConstraintViolations();
        violations.Range(0, "maxItems", 1, 10_000);

        violations.ToError()!.Message.ShouldBe(
            "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: "
            + "Member must have value greater than or equal to 1");
    }

    [Fact]
    public void Several_violations_are_told_together()
    {
        var violations = new ConstraintViolations();
        violations.Required(null, "role");
        violations.OneOf("invalid", "functionVersion", ["ALL"]);

        violations.ToError()!.Message.ShouldBe(
            "2 validation errors detected: Value null at 'role' failed to satisfy constraint: Member must not be null; "
            + "Value 'invalid' at 'functionVersion' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [ALL]");
    }

    [Fact]
    public void Long_value_is_cut_between_characters()
    {
        var violations = new ConstraintViolations();
        var length = ConstraintViolations.ValueLengthShownMax;
        violations.Add(new string('a', length - 1) + "🙂" + new string('b', 1_000_000), "x", "Member must");

        var message = violations.ToError()!.Message;

        message.Length.ShouldBeLessThan(length + 200);
        message.ShouldContain(new string('a', length - 1) + "…'");
    }
}
