package kapi

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// MessageLength is how many sent messages are remembered at most.
const MessageLength = 500

// TalkMessage is a message that an app sent at KakaoTalk for a user.
type TalkMessage struct {
	// Number counts the messages, from 1.
	Number int       `json:"number"`
	At     time.Time `json:"at"` // by the platform's clock
	App    int64     `json:"app_id"`
	// From and To are numbers of accounts; a message to the user's own chat has
	// both the same.
	From int64   `json:"from"`
	To   []int64 `json:"to"`
	// Path is that of the call.
	Path string `json:"path"`
	// Template is template_object as it came. The others are template_id,
	// template_args and request_url.
	Template     json.RawMessage `json:"template_object,omitempty"`
	TemplateID   int64           `json:"template_id,omitempty"`
	TemplateArgs map[string]any  `json:"template_args,omitempty"`
	RequestURL   string          `json:"request_url,omitempty"`
}

// keepMessage remembers a message that is sent.
func (a *Server) keepMessage(m TalkMessage) {
	a.Messages.Add(func(number int) TalkMessage {
		m.Number = number
		return m
	})
}

// message is what a call asks to send, to nobody yet.
func (a *Server) message(c *apiCall) (TalkMessage, *apiError) {
	m := TalkMessage{
		At: a.Now().UTC(), App: c.app.ID, From: c.user.ID, Path: c.call.Path,
		TemplateID: given[int64](c, "template_id"), RequestURL: given[string](c, "request_url"),
		TemplateArgs: given[map[string]any](c, "template_args"),
	}
	if m.RequestURL != "" {
		if u, err := url.Parse(m.RequestURL); err != nil || u.Host == "" {
			return m, refuse(catalog.ErrArgument, "request_url is not an absolute address")
		}
	}
	template, sent := c.parameters["template_object"].(map[string]any)
	if !sent {
		return m, nil
	}
	if refusal := checkTemplate(template); refusal != nil {
		return m, refusal
	}
	m.Template, _ = json.Marshal(template) // it came as JSON
	return m, nil
}

// templateMembers are the members that a default template needs, by object_type.
// Source: Kakao Talk Message > Message template > Components.
var templateMembers = map[string][]string{
	"feed":     {"content"},
	"list":     {"header_title", "contents"},
	"location": {"content", "address"},
	"commerce": {"content", "commerce"},
	"text":     {"text", "link"},
	"calendar": {"content", "id_type", "id"},
}

// checkTemplate refuses a default template of no known type, and one without what
// its type needs.
func checkTemplate(template map[string]any) *apiError {
	kind, _ := template["object_type"].(string)
	needed, known := templateMembers[kind]
	if !known {
		return refuse(catalog.ErrArgument, "object_type of template_object must be one of "+strings.Join(catalog.TemplateTypes, ", "))
	}
	for _, member := range needed {
		if template[member] == nil {
			return refuse(catalog.ErrArgument, "template_object of type "+kind+" needs "+member)
		}
	}
	return nil
}

// sendMemo is POST /v2/api/talk/memo/send and its siblings: a message to the
// user's own chat.
func (a *Server) sendMemo(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeTalkMessage); refusal != nil {
		return nil, refusal
	}
	m, refusal := a.message(c)
	if refusal != nil {
		return nil, refusal
	}
	m.To = []int64{c.user.ID}
	a.keepMessage(m)
	return account.Members{"result_code": 0}, nil
}

// messageFailure says why some friends did not get a message.
type messageFailure struct {
	Code  int      `json:"code"`
	Msg   string   `json:"msg"`
	UUIDs []string `json:"receiver_uuids"`
}

// sendMessage is POST /v1/api/talk/friends/message/send and its siblings. A friend
// who blocked the user fails alone, the others get the
// message. Source: Kakao Talk Message > REST API, and > Error code.
func (a *Server) sendMessage(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeTalkMessage, catalog.ScopeFriends); refusal != nil {
		return nil, refusal
	}
	m, refusal := a.message(c)
	if refusal != nil {
		return nil, refusal
	}
	sent, blocked := []string{}, []string{}
	for _, uuid := range given[[]string](c, "receiver_uuids") {
		friend, found := a.receiver(c, uuid)
		switch {
		case !found:
			return nil, refuse(catalog.ErrArgument, "Constraints on the parameter [receiver_uuids] are unsatisfied. Not allowed to send a message to some of receivers.")
		case friend.Blocked:
			blocked = append(blocked, uuid)
		default:
			m.To = append(m.To, friend.User)
			sent = append(sent, uuid)
		}
	}
	answer := account.Members{"successful_receiver_uuids": sent}
	if len(blocked) > 0 {
		answer["failure_info"] = []messageFailure{{codeBlockedReceiver, "The receiver does not allow messages from this user.", blocked}}
	}
	if len(m.To) > 0 {
		a.keepMessage(m)
	}
	return answer, nil
}

// codeBlockedReceiver is the code of a friend who takes no messages.
// Source: ApiErrorCause.TalkMessageDisabled of Kakao's SDKs.
const codeBlockedReceiver = -530

// receiver is the friend at the app whom a uuid names.
func (a *Server) receiver(c *apiCall, uuid string) (config.Friend, bool) {
	for _, friend := range c.user.Talk.Friends {
		at := store.Link{App: c.app.ID, User: friend.User}
		if uuidOf(at) != uuid {
			continue
		}
		connected, linked := a.Store.Connection(at)
		return friend, linked && connected.AgreedToAny(catalog.ScopeFriends)
	}
	return config.Friend{}, false
}
