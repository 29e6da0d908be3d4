package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// UserID is the answer of calls that say no more than whom they were about.
type UserID struct {
	// ID is the service user ID.
	ID  int64 `json:"id"`
	Raw Raw   `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UserID) UnmarshalJSON(data []byte) error { return decode(data, u) }

// Logout expires the user's tokens: with an access token that token and its
// refresh token, with an admin key all of the user's.
// Source: Kakao Login > REST API > Logout.
func (a account) Logout(ctx context.Context) (UserID, error) {
	return invoke[UserID](ctx, a.caller, catalog.Logout, nil)
}

// Unlink ends the link between the user and the app, and the user's tokens.
// Source: Kakao Login > REST API > Unlink.
func (a account) Unlink(ctx context.Context) (UserID, error) {
	return invoke[UserID](ctx, a.caller, catalog.Unlink, nil)
}

// TokenInfo describes an access token.
// Source: Kakao Login > REST API > Retrieving token information.
type TokenInfo struct {
	// ID is the service user ID.
	ID        int64   `json:"id"`
	ExpiresIn Seconds `json:"expires_in"`
	AppID     int64   `json:"app_id"`
	Raw       Raw     `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *TokenInfo) UnmarshalJSON(data []byte) error { return decode(data, t) }

// TokenInfo tells whose access token it is and how long it lives.
// Source: Kakao Login > REST API > Retrieving token information.
func (u UserClient) TokenInfo(ctx context.Context) (TokenInfo, error) {
	return invoke[TokenInfo](ctx, u.caller, catalog.TokenInfo, nil)
}

// MeRequest chooses what Me answers with.
// Source: Kakao Login > REST API > Retrieving user information.
type MeRequest struct {
	// PropertyKeys are keys such as kakao_account.email; empty means all.
	PropertyKeys []string `kakao:"property_keys"`
	// SecureResource asks for addresses of pictures that are https.
	SecureResource bool `kakao:"secure_resource"`
	// Post sends the parameters in a form, where they are in no address.
	Post bool
}

func (r MeRequest) post() bool { return r.Post }

// User is what Kakao tells of a user.
// Source: Kakao Login > REST API > Retrieving user information.
type User struct {
	// ID is the service user ID.
	ID int64 `json:"id"`
	// HasSignedUp is nil unless the app links users by hand.
	HasSignedUp *bool `json:"has_signed_up"`
	// ConnectedAt and SynchedAt are zero where the answer does not hold them.
	ConnectedAt  time.Time  `json:"connected_at"`
	SynchedAt    time.Time  `json:"synched_at"`
	Properties   Properties `json:"properties"`
	KakaoAccount Account    `json:"kakao_account"`
	ForPartner   Partner    `json:"for_partner"`
	Raw          Raw        `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *User) UnmarshalJSON(data []byte) error { return decode(data, u) }

// Account is the information of a Kakao Account. Each NeedsAgreement tells that
// the app may ask for the consent that is missing.
// Source: Kakao Login > REST API > Retrieving user information, KakaoAccount.
type Account struct {
	ProfileNeedsAgreement         bool    `json:"profile_needs_agreement"`
	ProfileNicknameNeedsAgreement bool    `json:"profile_nickname_needs_agreement"`
	ProfileImageNeedsAgreement    bool    `json:"profile_image_needs_agreement"`
	Profile                       Profile `json:"profile"`
	EmailNeedsAgreement           bool    `json:"email_needs_agreement"`
	IsEmailValid                  bool    `json:"is_email_valid"`
	IsEmailVerified               bool    `json:"is_email_verified"`
	// Email is no key for users: it can change hands.
	Email                     string `json:"email"`
	NameNeedsAgreement        bool   `json:"name_needs_agreement"`
	Name                      string `json:"name"`
	AgeRangeNeedsAgreement    bool   `json:"age_range_needs_agreement"`
	AgeRange                  string `json:"age_range"`
	BirthyearNeedsAgreement   bool   `json:"birthyear_needs_agreement"`
	Birthyear                 string `json:"birthyear"` // YYYY
	BirthdayNeedsAgreement    bool   `json:"birthday_needs_agreement"`
	Birthday                  string `json:"birthday"`      // MMDD
	BirthdayType              string `json:"birthday_type"` // SOLAR or LUNAR
	GenderNeedsAgreement      bool   `json:"gender_needs_agreement"`
	Gender                    string `json:"gender"` // female or male
	PhoneNumberNeedsAgreement bool   `json:"phone_number_needs_agreement"`
	PhoneNumber               string `json:"phone_number"`
	CINeedsAgreement          bool   `json:"ci_needs_agreement"`
	// CI is the connecting information.
	CI                string    `json:"ci"`
	CIAuthenticatedAt time.Time `json:"ci_authenticated_at"`
	Raw               Raw       `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *Account) UnmarshalJSON(data []byte) error { return decode(data, a) }

// Profile is nickname and pictures.
// Source: Kakao Login > REST API > Retrieving user information, Profile.
type Profile struct {
	Nickname          string `json:"nickname"`
	ThumbnailImageURL string `json:"thumbnail_image_url"`
	ProfileImageURL   string `json:"profile_image_url"`
	IsDefaultImage    bool   `json:"is_default_image"`
	IsDefaultNickname bool   `json:"is_default_nickname"`
	Raw               Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Profile) UnmarshalJSON(data []byte) error { return decode(data, p) }

// Partner is information for apps that may send messages.
// Source: Kakao Login > REST API > Retrieving user information, Partner.
type Partner struct {
	UUID string `json:"uuid"`
	Raw  Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Partner) UnmarshalJSON(data []byte) error { return decode(data, p) }

// Me reads what the user agreed to share.
// Source: Kakao Login > REST API > Retrieving user information.
func (a account) Me(ctx context.Context, req MeRequest) (User, error) {
	return invoke[User](ctx, a.caller, catalog.Me, req)
}

// UpdateProfileRequest holds the user properties to store.
// Source: Kakao Login > REST API > Storing user information.
type UpdateProfileRequest struct {
	Properties map[string]string `kakao:"properties"`
}

// UpdateProfile stores user properties. The app must have defined the keys.
// Source: Kakao Login > REST API > Storing user information.
func (u UserClient) UpdateProfile(ctx context.Context, req UpdateProfileRequest) (UserID, error) {
	return invoke[UserID](ctx, u.caller, catalog.UpdateProfile, req)
}

// SignupRequest links a user by hand.
// Source: Kakao Login > REST API > Manual signup.
type SignupRequest struct {
	// Properties are user properties to store at once; nil for none.
	Properties map[string]string `kakao:"properties"`
}

// Signup links the user with an app that does not link users automatically.
// Source: Kakao Login > REST API > Manual signup.
func (u UserClient) Signup(ctx context.Context, req SignupRequest) (UserID, error) {
	return invoke[UserID](ctx, u.caller, catalog.Signup, req)
}

// AppUsersRequest names users of the app.
// Source: Kakao Login > REST API > Retrieving multiple user information.
type AppUsersRequest struct {
	// TargetIDs are at most 100 service user IDs, with PropertyKeys at most 20.
	TargetIDs    []int64  `kakao:"target_ids"`
	PropertyKeys []string `kakao:"property_keys"`
}

// AppUsers are users of the app.
// Source: Kakao Login > REST API > Retrieving multiple user information.
type AppUsers struct {
	Elements []User `json:"elements"`
	Raw      Raw    `json:"-"`
}

// UnmarshalJSON reads the object of the reference's table or the bare array of
// its samples.
func (a *AppUsers) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("[")) {
		return decode(data, a)
	}
	if err := json.Unmarshal(data, &a.Elements); err != nil {
		return describe(err).below("elements")
	}
	return nil
}

// maxDetailed is how many users can be asked for together with property keys.
// Source: Kakao Login > REST API > Retrieving multiple user information.
const maxDetailed = 20

// AppUsers reads the information of several users.
// Source: Kakao Login > REST API > Retrieving multiple user information.
func (a AdminClient) AppUsers(ctx context.Context, req AppUsersRequest) (AppUsers, error) {
	if len(req.PropertyKeys) > 0 && len(req.TargetIDs) > maxDetailed {
		limited := catalog.Param{Name: "target_ids", Type: catalog.Long, List: true, MaxItems: maxDetailed}
		_, err := limited.Format(req.TargetIDs)
		return AppUsers{}, fmt.Errorf("%s: with property_keys: %w", catalog.AppUsers.Path, err)
	}
	return invoke[AppUsers](ctx, a.caller, catalog.AppUsers, req)
}
