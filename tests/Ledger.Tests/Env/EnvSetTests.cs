using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvSetTests
{
    [Theory]
    [InlineData("", "A=1", "A=1")]
    [InlineData("A=1", "A=2", "A=2")]
    [InlineData("A=1 B=2", "A=", "B=2")]
    [InlineData("A=1 B=2", "-A", "B=2")]
    [InlineData("A=1", "-B", "A=1")]
    [InlineData("A=1", "B=", "A=1")]
    [InlineData("A=1", "~B", "A=1")]
    [InlineData("A=1 B=2", "A=3 -B C=4", "A=3 C=4")]
    public void A_patch_sets_and_unsets_what_the_object_says(string baseline, string patch, string effective) =>
        Change.Show(SetOf(baseline).With(ChangeOf(patch)).Effective()).ShouldBe(effective);

    [Theory]
    [InlineData("B=2", "-B", "A=1")]
    [InlineData("B=2", "B=", "A=1")]
    [InlineData("B=2", "~B", "A=1")]
    [InlineData("A=2", "~A", "A=1")]
    [InlineData("-A", "~A", "A=1")]
    [InlineData("-A", "A=3", "A=3")]
    [InlineData("-A", "-A", "")]
    [InlineData("A=2", "-A", "")]
    public void A_patch_changes_and_resets_what_an_earlier_one_said(string earlier, string patch, string effective) =>
        Change.Show(SetOf("A=1").With(ChangeOf(earlier)).With(ChangeOf(patch)).Effective()).ShouldBe(effective);

    /// <summary>Who may write them that way is another matter: one key in two of them is refused.</summary>
    [Fact]
    public void Within_one_patch_reset_comes_before_set_and_set_before_unset()
    {
        var set = SetOf("A=1").With(ChangeOf("A=2"));
        set.With(ChangeOf("~A A=3")).Overlay["A"].ShouldBe("3");
        set.With(ChangeOf("A=3 -A")).Overlay["A"].ShouldBeNull();
        set.With(ChangeOf("~A -A")).Overlay["A"].ShouldBeNull();
    }

    [Fact]
    public void An_empty_value_of_the_object_is_one()
    {
        Change.Show(SetOf("A=").Effective()).ShouldBe("A=");
        Change.Show(SetOf("A=").With(ChangeOf("A=")).Effective()).ShouldBe("");
    }

    [Fact]
    public void What_patches_said_stands_when_the_object_changes()
    {
        var set = SetOf("A=1 B=1 C=1").With(ChangeOf("A=2 -B D=2"));

        Change.Show(set.With(Change.Variables("A=9", "B=9", "C=9", "D=9", "E=9")).Effective()).ShouldBe("A=2 C=9 D=2 E=9");
        Change.Show(set.With(Change.Variables()).Effective()).ShouldBe("A=2 D=2");
    }

    /// <summary>The object drops a hidden key, somebody unsets it once more, and the object brings it back: nobody asked to see it.</summary>
    [Fact]
    public void Unsetting_a_hidden_key_never_makes_it_seen()
    {
        var hidden = SetOf("A=1").With(ChangeOf("-A")).With(Change.Variables());

        hidden.With(ChangeOf("-A")).Says(hidden).ShouldBeTrue();
        hidden.With(ChangeOf("A=")).With(Change.Variables("A=2")).Effective().ShouldBeEmpty();
        Change.Show(hidden.With(ChangeOf("~A")).With(Change.Variables("A=2")).Effective()).ShouldBe("A=2");
    }

    [Fact]
    public void Overridden_are_keys_of_the_object_that_patches_replaced_or_hid()
    {
        SetOf("A=1 B=1 C=1").With(ChangeOf("C=2 -A D=2")).Overridden().ShouldBe(["A", "C"]);
        SetOf("A=1").With(ChangeOf("-A")).With(Change.Variables()).Overridden().ShouldBeEmpty();
        EnvSet.Empty.Overridden().ShouldBeEmpty();
    }

    [Fact]
    public void Two_that_come_to_the_same_need_not_say_the_same()
    {
        var set = SetOf("A=1");

        set.With(ChangeOf("A=1")).Says(set).ShouldBeFalse("the object may change");
        set.With(ChangeOf("-B ~B")).Says(set).ShouldBeTrue();
        set.With(ChangeOf("-A")).Says(set).ShouldBeFalse();
        set.With(ChangeOf("-A")).Says(set.With(ChangeOf("A=2"))).ShouldBeFalse();
        set.With(Change.Variables("A=1")).Says(set).ShouldBeTrue();
        set.With(Change.Variables("B=1")).Says(set).ShouldBeFalse();
        set.With(Change.Variables("A=2")).Says(set).ShouldBeFalse();
    }

    [Fact]
    public void A_change_leaves_the_set_it_was_made_from_alone()
    {
        var set = SetOf("A=1").With(ChangeOf("B=2"));
        set.With(ChangeOf("B=3 -A C=1"));
        Change.Show(set.Effective()).ShouldBe("A=1 B=2");
    }

    [Fact]
    public void Keys_are_told_apart_by_case_and_come_in_the_order_of_their_letters() =>
        EnvSet.Empty.With(ChangeOf("b=1 a=2 B=3 A=4 _=5")).Effective().Keys.ShouldBe(["A", "B", "_", "a", "b"]);

    private static EnvSet SetOf(string baseline) => EnvSet.Empty.With(Change.Variables(Words(baseline)));

    private static EnvChange ChangeOf(string words) => Change.Of(Words(words));

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
